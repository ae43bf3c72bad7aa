import { describe, expect, it, test } from "vitest";
import { localDay } from "../../../../src/domain/values/zone.ts";
import { decodeSale } from "../../../../src/dutchie/decode/decode.ts";
import { isAmbiguous, parseStamp } from "../../../../src/dutchie/decode/stamp.ts";
import { parseEvent } from "../../../../src/dutchie/webhook/event.ts";

const at = (hour = 10, minute = 0, second = 0, ms = 0) => Date.UTC(2026, 10, 25, hour, minute, second, ms);

describe("F68: the time of a sale", () => {
  test.each([
    ["Wed, 25 Nov 2026 10:00:00 GMT", at()],
    ["Wed, 25 Nov 2026 10:00:00 +0200", at(8)],
    ["25 Nov 2026 10:00", at()],
    ["25-NOV-2026 10:00:05", at(10, 0, 5)],
    ["/Date(1764064800000)/", 1_764_064_800_000],
    ["/Date(1764064800000-0500)/", 1_764_064_800_000],
    ["2026/11/25 10:00", at()],
    ["2026/11/25 10:00:00.25-05:00", at(15, 0, 0, 250)],
    ["2026-11-25 10:00 AM", at()],
    ["2026-11-25T9:30", at(9, 30)],
    ["11/25/2026 10:00 AM", at()],
    ["11/25/2026 12:15 am", at(0, 15)],
    ["11/25/2026 12:15:30 PM", at(12, 15, 30)],
    ["11/25/2026", at(0)],
    ["11/25/2026 22:00", at(22)],
    ["25/11/2026 22:00", at(22)],
    ["11/05/2026 10:00 PM", Date.UTC(2026, 10, 5, 22)],
    ["5/5/2026 22:00", Date.UTC(2026, 4, 5, 22)],
  ])("F68: the time %s is read", (stamp, expected) => {
    expect(parseStamp(stamp)).toBe(expected);
    expect(isAmbiguous(stamp)).toBe(false);
  });

  test.each(["5/11/2026 10:00", "11/05/2026", "01/02/2026 22:00:00Z"])(
    "F68: %s can mean two days, and is not guessed",
    (stamp) => {
      expect(parseStamp(stamp)).toBeNull();
      expect(decodeSale({ id: 1, soldOn: stamp })).toMatchObject({
        ok: false,
        dutchie_id: "1",
        reason: expect.stringMatching(/can mean two days.*2026-11-05T10:00:00Z/),
      });
      expect(decodeSale({ id: 1, soldOn: stamp, created: "2026-11-25" })).toMatchObject({ ok: true });
    },
  );

  test.each([
    "25/11/2026 10:00 AM",
    "13/13/2026 10:00",
    "2026-11/25",
    "2026/11/31",
    "2026-11-25-05",
    "2026-11-25 13:00 PM",
    "2026-11-25 0:30 AM",
    "2026-11-25 24:00",
    "31 Jun 2026 10:00",
    "25 Nov 2026 10:00 EST",
    "/Date(12)/",
    "/Date(99999999999999)/",
    "10:00 AM",
    "1/25/1900",
  ])("F68: %s is not a time", (stamp) => {
    expect(parseStamp(stamp)).toBeNull();
    expect(isAmbiguous(stamp)).toBe(false);
  });

  it.each([
    "transactionDateTime",
    "saleDateTime",
    "completedDateTime",
    "order_date_time",
    "time",
    "soldOn",
    "closedTime",
    "createdTime",
    "completion_time",
    "checkoutDate",
  ])("F68: a sale's time is found under %s", (name) => {
    expect(decodeSale({ id: 1, [name]: "11/25/2026 10:00 AM" })).toMatchObject({ row: { completed_at: at() } });
  });
});

describe("a sale's day without a time", () => {
  const zones = [
    "America/New_York",
    "America/Denver",
    "America/Anchorage",
    "Pacific/Honolulu",
    "Europe/Berlin",
    "Etc/GMT-11",
  ];

  it.each(["2026-11-25", " 2026/11/25 ", "11/25/2026", "25 Nov 2026", "25-NOV-2026", "Wed, 25 Nov 2026"])(
    "%s is that day in the store's zone",
    (soldOn) => {
      const decoded = decodeSale({ id: 1, soldOn });
      const completed_at = decoded.ok ? decoded.row.completed_at : 0;
      expect(zones.map((zone) => localDay(completed_at, zone))).toEqual(zones.map(() => "2026-11-25"));
    },
  );

  it("a day without a time is no time of an event: it would be older than what was read that day", () => {
    const event = (occurred_at: string) => parseEvent({ type: "sale.completed", occurred_at, data: {} });
    expect(event("11/25/2026")).toMatchObject({ occurred_at: null });
    expect(event("2026-11-25T00:00:00")).toMatchObject({ occurred_at: at(0) });
  });

  it.each([
    ["midnight", "2026-11-25T00:00:00"],
    ["midnight with AM", "11/25/2026 12:00 AM"],
    ["milliseconds", String(at(0))],
    [".NET's form", `/Date(${at(0)})/`],
  ])("%s is a time, and stays as it is", (_, soldOn) => {
    expect(decodeSale({ id: 1, soldOn })).toMatchObject({ row: { completed_at: at(0) } });
  });
});

describe("F68: the type of a sale", () => {
  const typed = (type: unknown, more: object = {}) => {
    const decoded = decodeSale({ id: 1, completedAt: "2026-11-25T10:00:00Z", type, ...more });
    return decoded.ok ? [decoded.row.type, decoded.row.is_return] : decoded;
  };

  it.each([
    "sale",
    "Purchase",
    "ORDER",
    "recreational",
    "Adult Use",
    "adult-use",
    "medical",
    "Retail Sale",
    "retail_sale",
    "Retail",
  ])("F68: %s is a visit", (type) => {
    expect(typed(type)).toEqual(["retail", undefined]);
    expect(typed(type, { isReturn: true })).toEqual(["retail", true]);
  });

  it.each(["Return", "refund", "Retail Return", "REFUNDED"])(
    "F68: %s is a return, whatever another flag says",
    (type) => {
      expect(typed(type)).toEqual(["retail", true]);
      expect(typed(type, { isReturn: false })).toEqual(["retail", true]);
    },
  );

  it.each(["Transfer", "WholesaleOrder", "wholesale", "constructor", "Void"])(
    "F68: the type %s is kept as it is",
    (type) => {
      expect(typed(type)).toEqual([type.toLowerCase(), undefined]);
    },
  );

  it("F68: a sale without a type states no type", () => {
    expect([typed(undefined), typed(null), typed({})]).toEqual(Array(3).fill([undefined, undefined]));
  });
});
