import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  CALM_MS,
  isForChannel,
  isPrompt,
  isStillTrue,
  type LastNotice,
  type NoticeFacts,
  nextNotice,
  REPEAT_MS,
} from "../../../../src/domain/alerts/notices.ts";

const T = 1_760_000_000_000;
const HOUR = 3_600_000;

const firing: NoticeFacts = {
  rule: "stock_ended",
  state: "firing",
  started_at: T,
  resolved_at: null,
  acknowledged_at: null,
  last_notice: null,
};
const resolved: NoticeFacts = { ...firing, state: "resolved", resolved_at: T + HOUR };
const told = (kind: LastNotice["kind"], at: number, started_at = T): LastNotice => ({ kind, at, started_at });

describe("the next notice of an alert", () => {
  it.each([
    ["without a notice yet", firing, { kind: "fired", at: T }],
    ["that was acknowledged before its first notice", { ...firing, acknowledged_at: T + 1 }, { kind: "fired", at: T }],
    [
      "with a first notice",
      { ...firing, last_notice: told("fired", T + 5) },
      { kind: "repeated", at: T + 5 + 6 * HOUR },
    ],
    [
      "with a reminder",
      { ...firing, last_notice: told("repeated", T + 7 * HOUR) },
      { kind: "repeated", at: T + 13 * HOUR },
    ],
    ["that was acknowledged", { ...firing, acknowledged_at: T + 9, last_notice: told("fired", T + 5) }, null],
    [
      "that is over, after its first notice",
      { ...resolved, last_notice: told("fired", T) },
      { kind: "resolved", at: T + HOUR },
    ],
    [
      "that is over, after a reminder",
      { ...resolved, last_notice: told("repeated", T) },
      { kind: "resolved", at: T + HOUR },
    ],
    [
      "that is over and acknowledged, after its first notice",
      { ...resolved, acknowledged_at: T + 9, last_notice: told("fired", T) },
      { kind: "resolved", at: T + HOUR },
    ],
    ["that is over, without any notice", resolved, null],
    ["with a last notice", { ...resolved, last_notice: told("resolved", T + HOUR) }, null],
    ["that fires anew", { ...firing, last_notice: told("resolved", T - 1, T - HOUR) }, { kind: "fired", at: T }],
    [
      "that the clock ended and that fires anew within the hour",
      { ...firing, rule: "stale", last_notice: told("resolved", T - 10, T - HOUR) },
      { kind: "fired", at: T - 10 + HOUR },
    ],
    [
      "that the clock ended and that fires anew after an hour",
      { ...firing, rule: "stale", last_notice: told("resolved", T - HOUR, T - 2 * HOUR) },
      { kind: "fired", at: T },
    ],
    [
      "that the clock ended twice within the hour",
      { ...resolved, rule: "stale", last_notice: told("resolved", T - 10, T - HOUR) },
      null,
    ],
    [
      "that fires anew before its last notice",
      { ...firing, last_notice: told("fired", T - 9, T - 9) },
      { kind: "fired", at: T },
    ],
    [
      "that is over before the notice of its second firing",
      { ...resolved, last_notice: told("fired", T - 9, T - 9) },
      null,
    ],
  ] satisfies [string, NoticeFacts, ReturnType<typeof nextNotice>][])(
    "an alert %s gets the notice that is due",
    (_name, facts, expected) => {
      expect(nextNotice(facts)).toEqual(expected);
    },
  );
});

/** An alert through time: it begins, ends, is acknowledged and checked, in any order and at any pace. */
interface Act {
  do: "raise" | "resolve" | "acknowledge" | "look";
  after_ms: number;
}
const acts: fc.Arbitrary<Act[]> = fc.array(
  fc.record({
    do: fc.constantFrom("raise", "resolve", "acknowledge", "look", "look", "look"),
    after_ms: fc.integer({ min: 1, max: 5 * HOUR }),
  }),
  { maxLength: 60 },
);

function live(given: Act[], rule = firing.rule): LastNotice[] {
  let now = T;
  let alert = null as NoticeFacts | null;
  const sent: LastNotice[] = [];
  for (const act of given) {
    now += act.after_ms;
    if (act.do === "raise" && alert?.state !== "firing") {
      alert = { ...firing, rule, started_at: now, last_notice: alert?.last_notice ?? null };
    } else if (act.do === "resolve" && alert?.state === "firing") {
      alert = { ...alert, state: "resolved", resolved_at: now };
    } else if (act.do === "acknowledge" && alert !== null) {
      alert = { ...alert, acknowledged_at: alert.acknowledged_at ?? now };
    } else if (act.do === "look" && alert !== null) {
      const next = nextNotice(alert);
      if (next === null || next.at > now) continue;
      const notice: LastNotice = { kind: next.kind, started_at: alert.started_at, at: now };
      sent.push(notice);
      alert = { ...alert, last_notice: notice };
    }
  }
  return sent;
}

describe("whatever happens to an alert", () => {
  it("each alert has one first notice, reminders at least six hours apart, and one last notice", () => {
    fc.assert(
      fc.property(acts, (given) => {
        const sent = live(given);
        for (const started_at of new Set(sent.map((notice) => notice.started_at))) {
          const [first, ...rest] = sent.filter((notice) => notice.started_at === started_at);
          expect(first?.kind).toBe("fired");
          expect(rest.slice(0, -1).every(({ kind }) => kind === "repeated")).toBe(true);
          expect(rest.at(-1)?.kind ?? "resolved").not.toBe("fired");
          let before = first?.at ?? 0;
          for (const { kind, at } of rest) {
            if (kind === "repeated") expect(at - before).toBeGreaterThanOrEqual(REPEAT_MS);
            before = at;
          }
        }
      }),
    );
  });

  it("the next check sends every missing notice", () => {
    fc.assert(
      fc.property(acts, (given) => {
        const looked: Act[] = [...given, { do: "look", after_ms: 1 }];
        expect(live([...looked, { do: "look", after_ms: 1 }])).toEqual(live(looked));
      }),
    );
  });

  it("nobody hears of a beginning within an hour of the end before, and everybody of one that still fires then", () => {
    fc.assert(
      fc.property(acts, (given) => {
        const sent = live(
          [...given, { do: "raise", after_ms: 1 }, { do: "look", after_ms: CALM_MS }, { do: "look", after_ms: 1 }],
          "sync_failed",
        );
        for (const [index, { kind, at }] of sent.entries())
          if (kind === "fired") expect(at - (sent[index - 1]?.at ?? -Infinity)).toBeGreaterThanOrEqual(CALM_MS);
        expect(sent.at(-1)?.kind).toMatch(/fired|repeated/);
      }),
    );
  });

  it("the next check notifies of each alert that fires", () => {
    fc.assert(
      fc.property(acts, (given) => {
        const fired = live([
          ...given,
          { do: "resolve", after_ms: 1 },
          { do: "raise", after_ms: 1 },
          { do: "look", after_ms: 1 },
        ]);
        expect(fired.at(-1)).toMatchObject({ kind: "fired", started_at: (fired.at(-1)?.at ?? 0) - 1 });
      }),
    );
  });
});

describe("which notices a channel gets", () => {
  const channel = { enabled: true, rules: null, created_at: T };
  it.each([
    ["every rule", channel, "fired", null, true],
    ["nothing while the channel is off", { ...channel, enabled: false }, "fired", null, false],
    ["its own rule", { ...channel, rules: ["drift", "stale"] }, "fired", null, true],
    ["no other rule", { ...channel, rules: ["drift"] }, "fired", null, false],
    ["the end of an alert of which it has a notice", channel, "resolved", told("fired", T), true],
    ["not the end of an alert that began before the channel existed", channel, "resolved", told("fired", T - 1), false],
    ["the reminder of an older alert", channel, "repeated", told("fired", T - 1), true],
  ] as const)("a channel gets the right notices: %s", (_name, given, kind, before, expected) => {
    expect(isForChannel(given, "stale", kind, before)).toBe(expected);
  });
});

it.each([
  ["a notice that comes at once", 1, 59_999, true],
  ["one that comes a minute late", 1, 60_000, false],
  ["one that was not accepted before", 2, 0, false],
])("%s keeps its order, or not", (_, attempt, age_ms, keeps) => {
  expect(isPrompt(attempt, age_ms)).toBe(keeps);
});

describe("whether a late notice is still true", () => {
  it.each([
    ["the first notice, while the alert fires", "fired", firing, true],
    ["a reminder, while the alert fires", "repeated", firing, true],
    ["the last notice, when the alert is over", "resolved", resolved, true],
    ["no first notice after the end", "fired", resolved, false],
    ["no reminder after the end", "repeated", resolved, false],
    [
      "no last notice when the alert fires anew and that was told",
      "resolved",
      { ...firing, started_at: T + 1, last_notice: told("fired", T + 1, T + 1) },
      false,
    ],
    [
      "the last notice, when the alert fires anew and that is not told yet",
      "resolved",
      { ...firing, started_at: T + 2, last_notice: told("resolved", T + 1) },
      true,
    ],
    ["no notice of an earlier firing", "fired", { ...firing, started_at: T + 1 }, false],
    ["no notice of an alert that was deleted", "fired", null, false],
  ] as const)("a late notice is sent only while it is true: %s", (_name, kind, alert, expected) => {
    expect(isStillTrue({ kind, started_at: T }, alert)).toBe(expected);
  });
});
