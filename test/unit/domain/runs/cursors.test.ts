import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Cursors, cursorsAfter, type FailedRows, NO_CURSORS } from "../../../../src/domain/runs/cursors.ts";
import { planSteps } from "../../../../src/domain/runs/plan-steps.ts";
import { DEFAULT_SETTINGS } from "../../../../src/domain/settings.ts";
import { DAY, HOUR, MINUTE, T0 } from "../build.ts";

/** The step, and its window from → to, in ms before T0. */
type Window = [from: number | null, to: number | null];

const sales = ([from, to]: Window) => ({
  resource: "sales" as const,
  verify: false,
  from: from === null ? null : T0 - from,
  to: to === null ? null : T0 - to,
});

const moved = (read: Cursors, step: Parameters<typeof cursorsAfter>[1], failed: FailedRows, now = T0) =>
  cursorsAfter(read, step, { started_at: now, clock: 0, failed }, now);

const at = (ago: number | null): Cursors => ({ ...NO_CURSORS, sales: ago === null ? null : T0 - ago });

/** The last window of a run reaches beyond its now. */
const AHEAD = -DAY;

describe("F43: failed rows and cursors", () => {
  it.each<[string, number | null, Window, FailedRows, number]>([
    ["nothing failed", HOUR, [HOUR + 10 * MINUTE, AHEAD], [], 0],
    ["a sale failed", HOUR, [HOUR + 10 * MINUTE, AHEAD], ["9"], HOUR],
    ["a sale without an id failed", HOUR, [HOUR + 10 * MINUTE, AHEAD], [null], HOUR],
    ["a sale with an id like a prototype key failed", HOUR, [HOUR + 10 * MINUTE, AHEAD], ["__proto__"], HOUR],
    ["a sale failed after days without a read", 3 * DAY, [3 * DAY, AHEAD], ["9"], DAY],
    ["a sale failed in the first read of all", null, [60 * DAY, AHEAD], ["9"], DAY],
    ["a sale failed in an old window of the first read", null, [60 * DAY, 53 * DAY], ["9"], 53 * DAY],
    ["a sale failed in a window that the night reads again", HOUR, [7 * DAY, AHEAD], ["9"], HOUR],
  ])("F43: a failed row keeps the cursor back, within limits: %s", (_, ago, window, failed, expected) => {
    expect(moved(at(ago), sales(window), failed).sales).toBe(T0 - expected);
  });

  it("F43: a window does not move the cursor past failed rows of an earlier window; the next read begins there", () => {
    const first = moved(at(2 * DAY), sales([2 * DAY, HOUR]), ["9"]);
    expect(first.sales).toBe(T0 - DAY);
    const second = moved(first, sales([HOUR, AHEAD]), []);
    expect(second.sales).toBe(T0 - DAY);
    expect(moved(second, sales([DAY + 10 * MINUTE, AHEAD]), []).sales).toBe(T0);
  });

  it.each([
    ["incremental", T0 - HOUR - 70 * MINUTE, T0 - HOUR],
    ["of a complete read", null, T0 - HOUR],
  ])("F43: a failed row of products, %s, keeps only the cursor of products back", (_, from, expected) => {
    const read = { ...at(HOUR), products: T0 - HOUR };
    const step = { resource: "products" as const, verify: false, from, to: null };
    expect(moved(read, step, ["5"])).toMatchObject({ products: expected, sales: T0 - HOUR });
    expect(moved({ ...read, products: null }, step, ["5"]).products).toBe(from ?? T0 - DAY);
    expect(moved(read, step, []).products).toBe(T0);
    // A comparison moves no cursor.
    expect(moved(read, { ...step, verify: true }, [])).toEqual(read);
  });

  it("F43: a row that always fails keeps the cursor back for a day, and newer rows no longer", () => {
    let cursors = at(15 * MINUTE);
    const poll = (now: number, failed: FailedRows) => {
      const from = (cursors.sales ?? 0) - 10 * MINUTE;
      cursors = moved(cursors, { ...sales([0, 0]), from, to: now + DAY }, failed, now);
      return now - (cursors.sales ?? 0);
    };
    for (let ago = 0; ago < DAY; ago += 15 * MINUTE) {
      expect(poll(T0 + ago, ["2099"])).toBe(Math.min(ago + 15 * MINUTE, DAY));
    }
    expect(poll(T0 + DAY, ["2099"])).toBe(0);
    expect(poll(T0 + DAY + 15 * MINUTE, ["2099", "new"])).toBe(15 * MINUTE);
    expect(poll(T0 + DAY + 30 * MINUTE, ["2099"])).toBe(0);
    // It did not fail for two days, so its first failure is forgotten: it keeps the cursor back for a day again.
    expect(poll(T0 + 3 * DAY, ["2099"])).toBe(DAY);
  });

  it("F43: the memory of failed rows is bounded, however many fail", () => {
    const failed = Array.from({ length: 5_000 }, (_, n) => `sale ${n}`);
    const cursors = moved(moved(at(HOUR), sales([HOUR, AHEAD]), failed), sales([HOUR, AHEAD]), failed.toReversed());
    expect(cursors.failing?.sales).toHaveLength(100);
  });

  /** A sale: when it was made, how long Dutchie answers without its lines, and how long it does not list it at all. */
  const sale = fc.record({
    made: fc.integer({ min: 0, max: 2 * DAY }),
    lineless: fc.integer({ min: 0, max: 20 * HOUR }),
    unlisted: fc.integer({ min: 0, max: 5 * MINUTE }),
  });

  it("F43: whatever fails and recovers within a day, each sale has its lines, and no poll reads further back than a day", () => {
    const { data_types } = DEFAULT_SETTINGS;
    const settings = { data_types: { ...data_types, inventory: false }, sales_history_days: 60 };
    fc.assert(
      fc.property(
        fc.array(sale, { maxLength: 20 }),
        fc.array(fc.integer({ min: MINUTE, max: 2 * HOUR }), { minLength: 200, maxLength: 200 }),
        fc.integer({ min: 1, max: 7 }),
        (sold, waits, sales_window_days) => {
          const whole = new Set<number>();
          let cursors: Cursors = { ...NO_CURSORS, products: T0, sales: T0 };
          let now = T0;
          for (const wait of waits) {
            if (now > T0 + 3.5 * DAY) break;
            now += wait;
            const given = { mode: "incremental" as const, verify: false, settings, cursors, now, sales_window_days };
            for (const step of planSteps(given)) {
              const { from, to } = step;
              if (step.resource !== "sales" || from === null || to === null) continue;
              // Of the wait since the last poll, and of the overlap that each read has.
              expect(now - from).toBeLessThanOrEqual(DAY + wait + 10 * MINUTE);
              const failed: string[] = [];
              for (const [n, { made, lineless, unlisted }] of sold.entries()) {
                const stamp = T0 + made;
                if (stamp < from || stamp > to || stamp + unlisted > now) continue;
                if (stamp + lineless > now) failed.push(String(n));
                else whole.add(n);
              }
              cursors = moved(cursors, step, failed, now);
            }
          }
          expect(whole.size).toBe(sold.length);
          expect(cursors.sales).toBe(now);
        },
      ),
    );
  });
});
