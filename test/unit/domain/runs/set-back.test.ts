import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { refreshBelieved } from "../../../../src/domain/events/refresh.ts";
import { deliveryBelieved } from "../../../../src/domain/feed/delivery.ts";
import { isFrozen, newMove } from "../../../../src/domain/move.ts";
import type { Run } from "../../../../src/domain/runs/run.ts";
import { runBelieved, typesBelieved } from "../../../../src/domain/runs/set-back.ts";
import { newState, type TypeState } from "../../../../src/domain/runs/type-states.ts";
import { DAY, emptyRun, HOUR, MINUTE, T0 } from "../build.ts";

/** Any time within two years of now. */
const time = fc.integer({ min: T0 - 365 * DAY, max: T0 + 365 * DAY });
const maybe = fc.option(time);
const failed = fc.record({ code: fc.constant("TIMEOUT" as const), message: fc.constant(""), hint: fc.constant("") });
const error = fc.tuple(failed, time, time).map(([each, at, since]) => ({ ...each, at, since }));
const state: fc.Arbitrary<TypeState> = fc.record({
  since: time,
  last_success_at: maybe,
  error: fc.option(error),
  failures: fc.nat(5),
  due_at: maybe,
  retry_at: maybe,
  owes_full: fc.boolean(),
});

describe("F36: after our own clock was set back", () => {
  it("F36: nothing of a data type lies in our future, and no read is due later than it can be", () => {
    fc.assert(
      fc.property(state, (inventory) => {
        const { inventory: believed } = typesBelieved({ inventory }, T0);
        if (believed === undefined) throw new Error("It is there.");
        const { since, last_success_at, error, due_at, retry_at } = believed;
        for (const at of [since, last_success_at, error?.at, error?.since])
          expect(at ?? 0).toBeLessThan(T0 + 2 * MINUTE);
        for (const at of [due_at, retry_at]) expect(at ?? 0).toBeLessThan(T0 + HOUR + 2 * MINUTE);
        expect(typesBelieved({ inventory: believed }, T0)).toEqual({ inventory: believed });
      }),
    );
  });

  it("F36: times that can be true stay as they are", () => {
    const inventory = { ...newState(T0 - DAY), last_success_at: T0, due_at: T0 + HOUR, retry_at: T0 + HOUR };
    expect(typesBelieved({ inventory }, T0)).toEqual({ inventory });
    const run: Run = { ...emptyRun("run_1", T0 - DAY), waiting_until: T0 + HOUR };
    expect(runBelieved(run, T0)).toEqual(run);
    expect(runBelieved({ ...run, heartbeat_at: T0 + DAY, waiting_until: T0 + DAY }, T0)).toEqual({
      ...run,
      heartbeat_at: T0,
      waiting_until: T0,
    });
  });

  it("F36: a receiver, and a read that was asked for, wait no longer than they can", () => {
    const receiver = {
      sequence: 5,
      upto: 9,
      failures: 3,
      failing_since: T0 - HOUR,
      next_at: T0,
      asked_at: T0,
      parked_at: null,
      replays: 0,
    };
    expect(deliveryBelieved(receiver, T0)).toEqual(receiver);
    const later = { ...receiver, failing_since: T0 + DAY, next_at: T0 + DAY, asked_at: T0 + DAY };
    expect(deliveryBelieved(later, T0)).toEqual({ ...receiver, failing_since: T0, next_at: T0, asked_at: null });
    expect(refreshBelieved({ asked_at: T0, begun_at: T0, second_at: T0 }, T0)).toEqual({
      asked_at: T0,
      begun_at: T0,
      second_at: T0,
    });
    expect(refreshBelieved({ asked_at: T0 + DAY, begun_at: T0 + DAY, second_at: T0 + DAY }, T0)).toEqual({
      asked_at: null,
      begun_at: T0,
      second_at: T0,
    });
  });

  it("F36: a store is not frozen until the clock is there again", () => {
    const move = { ...newMove("RECORDS_00", "RECORDS_01", T0), frozen_at: T0 };
    expect([isFrozen(move, T0 - 1_000), isFrozen(move, T0 - DAY)]).toEqual([true, false]);
  });
});
