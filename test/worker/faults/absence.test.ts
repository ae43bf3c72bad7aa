import { afterEach, describe, expect, it, vi } from "vitest";
import { rows, write } from "../databases.ts";
import { Shelf } from "./shelf.ts";

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const DAY = 24 * 60;

describe("F38: an empty list ends no stock", () => {
  it.each([
    ["no row at all, six minutes apart", () => [], 6],
    ["rows that all fail, without an id, a day apart", () => [{}, { quantityAvailable: 3 }], DAY],
    ["rows that all fail, of other packages", () => [{ inventoryId: 1, quantityAvailable: "many" }], 60],
    ["only packages without stock", () => [{ inventoryId: 1, quantityAvailable: 0 }], 15],
  ] as const)("F38: an empty list ends no stock, however often it is repeated: %s", async (_, answer, minutes) => {
    const shelf = await Shelf.open(38);
    shelf.answer = () => [...answer()];
    for (let times = 0; times < 4; times++) {
      await shelf.sync(minutes);
      expect(await shelf.count()).toBe(38);
      expect(await shelf.alerts("held_snapshot")).toMatchObject([
        { message: expect.stringContaining("leaves out 38 of the 38 packages that ReUp has (worth $1,900.00)") },
      ]);
    }
    const status = await shelf.status;
    expect(status.held_snapshot).toMatchObject({ resource: "inventory", rows: 38, value_at_stake: 1_900 });
    expect((await shelf.reviews())[0]).toMatchObject({ state: "open", value_at_stake: 1_900 });
    shelf.answer = (all) => all;
    await shelf.sync(6);
    expect(await shelf.count()).toBe(38);
    expect(await shelf.alerts("held_snapshot")).toEqual([]);
    expect(await shelf.alerts("stock_ended")).toEqual([]);
  });

  it("F38: an empty catalogue deletes no product", async () => {
    const shelf = await Shelf.open(3);
    const before = await shelf.liveProducts();
    shelf.products = () => [];
    for (let times = 0; times < 3; times++) await shelf.sync(61, "full");
    expect(await shelf.liveProducts()).toBe(before);
    expect(await shelf.alerts("held_snapshot")).toMatchObject([{ message: expect.stringContaining("products") }]);
  });

  it("F38: a full list in between starts the wait anew", async () => {
    const shelf = await Shelf.open(12);
    for (let times = 0; times < 3; times++) {
      shelf.answer = () => [];
      await shelf.sync(10);
      shelf.answer = (all) => all;
      await shelf.sync(10);
    }
    expect(await shelf.count()).toBe(12);
    expect(await shelf.alerts("held_snapshot")).toEqual([]);
  });

  it("F38: a confirmed mass ending has an alert until a person has acknowledged it", async () => {
    const shelf = await Shelf.open(38);
    shelf.answer = (all) => all.slice(0, 8);
    await shelf.sync(15);
    expect(await shelf.count()).toBe(38);
    await shelf.sync(15);
    expect(await shelf.count()).toBe(8);
    expect(await shelf.reviews()).toMatchObject([{ state: "resolved", action: "confirm", resolved_by: "snapshot" }]);
    const told = "30 packages (worth $1,500.00) are at zero now";
    expect(await shelf.alerts("stock_ended")).toMatchObject([{ message: expect.stringContaining(told) }]);
    // All is there again, and later another mass is ended, by a person: nothing of it is lost.
    shelf.answer = (all) => all;
    await shelf.sync(15);
    expect(await shelf.count()).toBe(38);
    shelf.answer = () => [];
    await shelf.sync(15);
    expect((await shelf.decide("confirm")).status).toBe(200);
    expect(await shelf.count()).toBe(0);
    shelf.answer = (all) => all;
    await shelf.sync(15);
    const [alert] = await shelf.alerts("stock_ended");
    expect(alert?.message).toContain(told);
    expect(alert?.message).toContain("38 packages (worth $1,900.00) are at zero now: ann confirmed that they are gone");
    const seen = await shelf.call("POST", `/v1/alerts/${alert?.alert_id}/acknowledge`);
    expect(await seen.json()).toMatchObject({ rule: "stock_ended", state: "resolved" });
    expect(await shelf.alerts("stock_ended")).toEqual([]);
  });
});

describe("F38: a second mass ending while the first one's alert is open", () => {
  /** The last notice of the alert: its kind, its age in minutes, and the number of endings. */
  async function told(shelf: Shelf) {
    const [alert] = await rows<{ last_notice: string; message: string }>(
      "select last_notice, message from alerts where location_id = ? and rule = 'stock_ended' and state = 'firing'",
      shelf.rig.id,
    );
    const { kind, at } = JSON.parse(alert?.last_notice ?? "null") as { kind: string; at: number };
    return {
      kind,
      minutes_ago: Math.round((Date.now() - at) / 60_000),
      endings: alert?.message.split(" are at zero now").length,
    };
  }

  it.each<[string, (shelf: Shelf) => Promise<void>]>([
    [
      "that a second list confirms",
      async (shelf) => {
        for (let times = 0; times < 2; times++) await shelf.sync(15);
      },
    ],
    [
      "that a person confirms",
      async (shelf) => {
        await shelf.sync(30);
        expect((await shelf.decide("confirm")).status).toBe(200);
      },
    ],
  ])("F38: a second mass ending %s notifies at once", async (_, end) => {
    const shelf = await Shelf.open(60);
    shelf.answer = (all) => all.slice(0, 40);
    for (let times = 0; times < 2; times++) await shelf.sync(15);
    expect(await told(shelf)).toEqual({ kind: "fired", minutes_ago: 0, endings: 2 });
    shelf.answer = (all) => all.slice(0, 20);
    await end(shelf);
    expect(await shelf.count()).toBe(20);
    expect(await told(shelf)).toEqual({ kind: "fired", minutes_ago: 0, endings: 3 });
    // What repeats itself is no news.
    await shelf.sync(15);
    expect(await told(shelf)).toEqual({ kind: "fired", minutes_ago: 15, endings: 3 });
  });
});

describe("F39: a person says that absent packages are there", () => {
  it.each([
    ["an empty list", () => []],
    ["a list that is cut off", (all: unknown[]) => all.slice(0, 8)],
    ["a list of other packages", (all: unknown[]) => [...all.slice(0, 8), { inventoryId: 77, quantityAvailable: 1 }]],
  ])("F39: packages that a person kept stay: %s, again and again", async (_, answer) => {
    const shelf = await Shelf.open(38);
    shelf.answer = answer;
    await shelf.sync(15);
    expect((await shelf.decide("discard")).status).toBe(200);
    for (const minutes of [15, 15, DAY]) await shelf.sync(minutes);
    expect(Object.keys(await shelf.live())).toEqual(expect.arrayContaining([...shelf.stock.keys()]));
    const status = await shelf.status;
    expect(status).toMatchObject({ held_snapshot: null, open_reviews: 0 });
    expect(status.kept_absences).toMatchObject([{ resource: "inventory", kept_by: "ann" }]);
    expect(status.active_alerts).toEqual([]);
    expect(await shelf.reviews()).toMatchObject([
      { state: "resolved", action: "discard", resolved_by: "ann", reason: expect.stringContaining("ReUp keeps them") },
    ]);
  });

  it("F39: new absences open a review of their own, and packages that come back are no longer kept", async () => {
    const shelf = await Shelf.open(60);
    shelf.answer = (all) => all.slice(20);
    await shelf.sync(15);
    await shelf.decide("discard");
    shelf.answer = (all) => all.slice(40);
    await shelf.sync(15);
    expect(await shelf.count()).toBe(60);
    const { held_snapshot, kept_absences } = await shelf.status;
    expect(held_snapshot).toMatchObject({ rows: 20 });
    expect(kept_absences).toMatchObject([{ rows: 20 }]);
    expect((await shelf.reviews())[0]?.reason).toContain("20 more are left out too and are kept");
    await shelf.sync(15);
    expect(await shelf.count()).toBe(40);
    shelf.answer = (all) => all;
    await shelf.sync(15);
    expect((await shelf.status).kept_absences).toEqual([]);
    shelf.answer = (all) => all.slice(20);
    await shelf.sync(15);
    expect((await shelf.status).held_snapshot).toMatchObject({ rows: 20 });
  });

  it("F39: a kept package that a webhook changes is decided like any other", async () => {
    const shelf = await Shelf.open(38);
    shelf.answer = (all) => all.slice(20);
    await shelf.sync(15);
    await shelf.decide("discard");
    await shelf.webhook("evt_again", "9000", 4);
    await shelf.sync(15);
    expect((await shelf.live())["9000"]).toBeUndefined();
    expect(await shelf.count()).toBe(37);
    expect((await shelf.status).kept_absences).toMatchObject([{ rows: 19 }]);
  });

  it("F39: after the decision is undone, the next lists ask and end", async () => {
    const shelf = await Shelf.open(38);
    shelf.answer = (all) => all.slice(20);
    await shelf.sync(15);
    await shelf.decide("discard");
    await shelf.sync(15);
    expect(await (await shelf.decide("undo")).json()).toMatchObject({ state: "open", value_at_stake: 1_000 });
    expect(await shelf.status).toMatchObject({ held_snapshot: { rows: 20 }, kept_absences: [] });
    expect(await shelf.alerts("held_snapshot")).toHaveLength(1);
    await shelf.sync(2);
    expect(await shelf.count()).toBe(38);
    await shelf.sync(6);
    expect(await shelf.count()).toBe(18);
  });

  it("F39: absences that a person confirmed stay ended, and cannot be undone", async () => {
    const shelf = await Shelf.open(38);
    shelf.answer = () => [];
    await shelf.sync(15);
    await shelf.decide("confirm");
    for (let times = 0; times < 2; times++) await shelf.sync(15);
    expect(await shelf.count()).toBe(0);
    expect(await shelf.status).toMatchObject({ held_snapshot: null, open_reviews: 0 });
    expect((await shelf.decide("undo")).status).toBe(409);
  });
});

describe("F40: rows without an id do not switch off absences", () => {
  it.each([
    ["one row, five packages sold out", 1, 5],
    ["three rows, four packages", 3, 4],
    ["two rows, sixteen packages: a mass", 2, 16],
  ])("F40: absent packages end although a list has rows without an id: %s", async (_, unidentified, soldOut) => {
    const shelf = await Shelf.open(38);
    for (const id of [...shelf.stock.keys()].slice(0, soldOut)) shelf.stock.delete(id);
    shelf.answer = (all) => [...all, ...Array.from({ length: unidentified }, () => ({ quantityAvailable: 5 }))];
    await shelf.sync(15);
    expect(await shelf.count()).toBe(38);
    expect(await shelf.alerts("rows_without_id")).toMatchObject([
      {
        message: expect.stringMatching(
          new RegExp(`^${unidentified} rows? of Dutchie's list of packages (has|have) no id`),
        ),
      },
    ]);
    await shelf.sync(15);
    expect(await shelf.count()).toBe(38 - soldOut);
    expect(await shelf.alerts("rows_without_id")).toHaveLength(1);
    shelf.answer = (all) => all;
    await shelf.sync(15);
    expect(await shelf.alerts("rows_without_id")).toEqual([]);
  });

  it("F40: a package whose row lost its id stays, however often this happens", async () => {
    const shelf = await Shelf.open(38);
    shelf.answer = ([first, ...others]) => [{ ...(first as object), inventoryId: null }, ...others];
    for (let times = 0; times < 4; times++) await shelf.sync(15);
    expect(await shelf.count()).toBe(38);
    expect((await shelf.alerts("rows_without_id"))[0]?.message).toContain(
      "1 package that the list leaves out stays as it is",
    );
  });
});

describe("F47: a package that is listed elsewhere has moved", () => {
  const sum = (live: Record<string, Record<string, number>>) =>
    Object.values(live)
      .flatMap(Object.values<number>)
      .reduce((all, quantity) => all + quantity, 0);

  /** Packages in two rooms, then as `change` leaves them; one poll. */
  async function changed(profile: "pos" | "guide", change: (rooms: Record<string, number>) => Record<string, number>) {
    const shelf = await Shelf.open(40, profile);
    for (const id of shelf.stock.keys()) shelf.stock.set(id, { Vault: 5, "Sales Floor": 3 });
    await shelf.sync(15);
    for (const [id, rooms] of shelf.stock) shelf.stock.set(id, change(rooms));
    return shelf;
  }

  it.each(
    (["pos", "guide"] as const).flatMap((profile) =>
      [
        ["both renamed", () => ({ "Vault 1": 5, Shop: 3 })],
        ["one renamed", () => ({ "Vault 1": 5, "Sales Floor": 3 })],
        ["swapped", () => ({ Vault: 3, "Sales Floor": 5 })],
        ["merged", () => ({ Vault: 8 })],
        ["split", () => ({ Vault: 2, "Vault 2": 3, "Sales Floor": 3 })],
      ].map(([what, change]) => [profile, what, change] as const),
    ),
  )("F47: %s: rooms %s are right after one poll", async (profile, _, change) => {
    const shelf = await changed(profile, change as () => Record<string, number>);
    await shelf.sync(15);
    expect(await shelf.live()).toEqual(Object.fromEntries(shelf.stock));
    expect((await shelf.status).held_snapshot).toBeNull();
  });

  it("F47: no total doubles while other packages are held", async () => {
    const shelf = await changed("guide", () => ({ "Vault 1": 5, Shop: 3 }));
    shelf.answer = (all) => all.slice(0, 40);
    await shelf.sync(15);
    const live = await shelf.live();
    expect((await shelf.status).held_snapshot).toMatchObject({ rows: 20 });
    expect(sum(live)).toBe(40 * 8);
  });

  it("F47: a list that ends after its first room empties no other room", async () => {
    const shelf = await changed("guide", (rooms) => rooms);
    shelf.answer = (all) => (all as { roomName: string }[]).filter(({ roomName }) => roomName === "Vault");
    await shelf.sync(15);
    expect(sum(await shelf.live())).toBe(40 * 8);
    expect((await shelf.status).held_snapshot).toMatchObject({ rows: 40 });
  });

  it("F47: guide: a package that a webhook, or one list, has in two rooms is read again at once", async () => {
    const shelf = await Shelf.open(3, "guide");
    const move = (id: string) => shelf.stock.set(id, { "Sales Floor": 5 });
    vi.setSystemTime(Date.now() + 5 * 60_000);
    move("9000");
    await shelf.webhook("evt_moved", "9000", 5, { roomName: "Sales Floor" });
    expect((await shelf.live())["9000"]).toEqual({ Vault: 5, "Sales Floor": 5 });
    await shelf.rig.drain();
    expect(await shelf.live()).toEqual(Object.fromEntries(shelf.stock));

    shelf.stock.set("9001", { Vault: 5, "Sales Floor": 5 });
    shelf.answer = (all) => {
      move("9001");
      return all;
    };
    await shelf.sync(15);
    expect(await shelf.live()).toEqual(Object.fromEntries(shelf.stock));
  });

  it("F47: guide: a move whose second read cannot be asked for is not forgotten", async () => {
    const shelf = await Shelf.open(3, "guide");
    const { rig } = shelf;
    shelf.stock.set("9000", { "Sales Floor": 5 });
    vi.setSystemTime(Date.now() + 5 * 60_000);
    const moved = () => shelf.webhook("evt_moved", "9000", 5, { roomName: "Sales Floor" });
    const send = () => Promise.reject(new Error("The queue is away."));
    await rig.withEnv({ ...rig.env, SYNC: { send } } as unknown as Env);
    await moved();
    await rig.withEnv(rig.env);
    await moved();
    await rig.drain();
    expect(await shelf.live()).toEqual(Object.fromEntries(shelf.stock));
  });
});

describe("F61: a rebuild does not bring sold-out stock back", () => {
  /** Sixty packages that the ledger knows, all sold out since; the webhooks of that were missed. */
  async function emptied(left: number): Promise<Shelf> {
    const shelf = await Shelf.open(60);
    for (const id of shelf.stock.keys()) await shelf.webhook(`evt_${shelf.rig.id}_${id}`, id, 4);
    for (const id of [...shelf.stock.keys()].slice(left)) shelf.stock.delete(id);
    await shelf.sync(15);
    if (left === 0) await shelf.decide("confirm");
    else await shelf.sync(15);
    expect(await shelf.count()).toBe(left);
    return shelf;
  }
  const lose = (shelf: Shelf) => write("delete from inventory where location_id = ?", shelf.rig.id);

  it.each([
    ["an emptied store, with its tombstones", 0, false],
    ["an emptied store whose records are lost", 0, true],
    ["a store with some stock left, with tombstones", 5, false],
    ["a store with some stock left whose records are lost", 5, true],
  ])("F61: a rebuild gives the right stock: %s", async (_, left, isLost) => {
    const shelf = await emptied(left);
    if (isLost) await lose(shelf);
    vi.setSystemTime(Date.now() + 15 * 60_000);
    await shelf.rebuild();
    expect(Object.keys(await shelf.live())).toEqual([...shelf.stock.keys()]);
    const { held_snapshot, last_run, queue } = await shelf.status;
    expect(held_snapshot).toBeNull();
    expect(last_run).toMatchObject({ trigger: "replay", mode: "full" });
    expect(queue.pending_events).toBe(0);
    await shelf.sync(15);
    expect(await shelf.count()).toBe(left);
  });

  it.each(["/reporting/products", "/reporting/transactions", "/reporting/inventory"])(
    "F61: the ledger waits if the rebuild could not read %s, and is played once after it was read",
    async (path) => {
      const shelf = await emptied(5);
      await lose(shelf);
      const fetched = globalThis.fetch;
      vi.stubGlobal("fetch", async (url: string, init?: RequestInit) =>
        new URL(url).pathname === path ? new Response("{}", { status: 403 }) : fetched(url, init),
      );
      await shelf.rebuild();
      expect((await shelf.status).last_run?.error?.message).toContain("The rebuild continues by itself");
      expect(
        (await shelf.rig.location.getEvent(`evt_${shelf.rig.id}_${[...shelf.stock.keys()][0]}`))?.reason,
      ).toBeNull();
      vi.stubGlobal("fetch", fetched);
      await shelf.sync(15);
      await shelf.alarm();
      expect(await shelf.playQueue()).toBe(61);
      expect(await shelf.count()).toBe(5);
    },
  );

  it("F61: events that are newer than the snapshot apply, and older events do not", async () => {
    const shelf = await emptied(5);
    await lose(shelf);
    await shelf.webhook(`evt_new_${shelf.rig.id}`, "9001", 3);
    await lose(shelf);
    // The list is still a minute behind: it does not know of the sale.
    await shelf.rebuild();
    expect((await shelf.live())["9001"]).toEqual({ Vault: 3 });
    expect(await shelf.count()).toBe(5);
  });

  it("F61: the ledger waits for the end of the run, and a crash loses nothing", async () => {
    const shelf = await emptied(5);
    expect((await shelf.call("POST", `/v1/locations/${shelf.rig.id}/rebuild`)).status).toBe(202);
    expect(shelf.rig.queue.map(({ body }) => (body as { kind: string }).kind)).toEqual(["step"]);
    await shelf.rig.drain();
    const { CHORES } = shelf.rig.env;
    await shelf.rig.withEnv({ ...shelf.rig.env, CHORES: { send: () => Promise.reject(new Error("away")) } as never });
    await expect(shelf.alarm()).rejects.toThrow("away");
    await shelf.rig.withEnv({ ...shelf.rig.env, CHORES });
    await shelf.alarm();
    // The page of the ledger, and each of its events.
    expect(await shelf.playQueue()).toBe(61);
    // The timer plays it once.
    await shelf.alarm();
    expect(shelf.rig.queue).toEqual([]);
    expect(await shelf.count()).toBe(5);
  });
});

describe("absences that earlier versions ended wrongly", () => {
  it("F38: one sync corrects a store that two empty lists had zeroed", async () => {
    const shelf = await Shelf.open(38);
    const wrong = Date.now();
    await write(
      "update inventory set quantity = 0, source_at = ?1, source_rank = 1, content_hash = 'gone', package_at = ?1 where location_id = ?2",
      wrong,
      shelf.rig.id,
    );
    await write(
      "update products set status = 'deleted', source_at = ?, source_rank = 1, content_hash = 'gone' where location_id = ?",
      wrong - 55 * 60_000,
      shelf.rig.id,
    );
    expect(await shelf.count()).toBe(0);
    await shelf.sync(6, "full");
    expect(await shelf.live()).toEqual(Object.fromEntries(shelf.stock));
    expect(await shelf.liveProducts()).toBe(shelf.rig.dutchie.oracle().products?.length);
  });
});
