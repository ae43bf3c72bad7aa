import { describe, expect, it } from "vitest";
import {
  countEnded,
  type FloorById,
  type LiveRow,
  NO_ABSENCES,
  planAbsence,
  recentEndings,
} from "../../../../src/domain/snapshots/absence.ts";
import { heldText } from "../../../../src/domain/snapshots/absence-text.ts";
import { DAY, HOUR, MINUTE, T0 } from "../build.ts";

const row = (id: string, over: Partial<LiveRow> = {}): LiveRow => ({
  id,
  unit: id,
  source_at: T0 - HOUR,
  source_rank: 1,
  updated_at: T0 - HOUR,
  ...over,
});
const rows = (count: number, over: Partial<LiveRow> = {}) =>
  Array.from({ length: count }, (_, index) => row(`r${index}`, over));
const ids = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => `r${from + index}`);

type Given = Parameters<typeof planAbsence>[0];

/** A snapshot of `live` rows in which the first `missing` are not; ids only. */
function absence(live: number, missing: number, over: Partial<Given> = {}) {
  const plan = planAbsence({
    resource: "inventory",
    live: rows(live),
    seen: new Set(ids(missing, live)),
    understood: live - missing,
    unidentified: 0,
    floor: T0,
    decided_at: T0,
    recent: 0,
    before: NO_ABSENCES,
    ...over,
  });
  const names = (of: readonly LiveRow[]) => of.map(({ id }) => id);
  return { ...plan, moved: names(plan.moved), gone: names(plan.gone), held: names(plan.held) };
}

const since = (floor: number, ...of: string[]): FloorById => new Map(of.map((id) => [id, floor]));
const asked = (floor: number, ...of: string[]) => ({ ...NO_ABSENCES, asked: since(floor, ...of) });
const kept = (floor: number, ...of: string[]) => ({ ...NO_ABSENCES, kept: since(floor, ...of) });

describe("rows that a complete snapshot no longer lists", () => {
  it("a row that a complete snapshot does not list is gone", () => {
    expect(absence(100, 3)).toMatchObject({ gone: ids(0, 3), held: [], isTrusted: true });
  });

  it("no row is gone when everything is listed", () => {
    expect(absence(100, 0)).toMatchObject({ gone: [], held: [], asked: new Map(), isTrusted: true });
  });

  it.each([
    ["9 of 10 are not held: a small store sells out", 10, 9, false],
    ["10 of 49 are held: more than 20 %", 49, 10, true],
    ["10 of 50 are not held: 20 % is not more than 20 %", 50, 10, false],
    ["11 of 50 are held", 50, 11, true],
    ["20 of 100 are not held", 100, 20, false],
    ["21 of 100 are held", 100, 21, true],
  ])("the guard holds a mass absence: %s", (_, live, missing, held) => {
    const [gone, waiting] = held ? [[], ids(0, missing)] : [ids(0, missing), []];
    expect(absence(live, missing)).toMatchObject({ gone, held: waiting, isTrusted: !held });
  });

  it("rows that are newer than the snapshot are not absent", () => {
    expect(absence(5, 4, { live: rows(5, { source_at: T0 }) })).toMatchObject({ gone: [], held: [] });
    expect(absence(5, 4, { live: rows(5, { source_at: T0 + 1 }) })).toMatchObject({ gone: [], held: [] });
  });
});

describe("F38: lists that leave out a few more each time", () => {
  it.each([
    ["8 of 34 after 6 of 40 are held: 14 of 40", 34, 8, 6, true],
    ["1 of 31 after 9 of 40 is held: the tenth", 31, 1, 9, true],
    ["8 of 94 after 6 of 100 are not held: 14 %", 94, 8, 6, false],
    ["2 of 34 after 6 of 40 are not held: 8 in all", 34, 2, 6, false],
    ["none after 12 of 40 is not held", 28, 0, 12, false],
  ])("F38: earlier absences count for the guard, too: %s", (_name, live, missing, recent, held) => {
    const [gone, waiting] = held ? [[], ids(0, missing)] : [ids(0, missing), []];
    expect(absence(live, missing, { recent })).toMatchObject({ gone, held: waiting });
  });

  it("F38: earlier absences count for less than an hour, and not for the same snapshot again after a crash", () => {
    const endings = [
      { key: "run_1", at: T0 - HOUR, units: 6 },
      { key: "run_2", at: T0 - HOUR + 1, units: 3 },
      { key: "run_3", at: T0 - MINUTE, units: 2 },
    ];
    expect(recentEndings(endings, "run_3", T0)).toEqual([endings[1]]);
    expect(countEnded(recentEndings(endings, "run_4", T0))).toBe(5);
  });

  it("F38: the review also shows what earlier lists ended", () => {
    const facts = { absent: 8, live: 34, value: 0, isEmpty: false, kept: 0, recent: 6 };
    const words = heldText({ resource: "inventory", ...facts });
    expect(words).toContain("left out 6 others, which are at zero now");
  });
});

describe("F38: products that only packages or sales ever named", () => {
  const live = [...rows(12, { is_provisional: true }), ...ids(12, 32).map((id) => row(id))];

  it("F38: provisional products end with the first catalogue that does not list them, because they have no stock", () => {
    expect(absence(32, 12, { live })).toMatchObject({ gone: ids(0, 12), held: [], isTrusted: true });
  });

  it("F38: provisional products do not make a mass of the other products", () => {
    expect(absence(32, 15, { live })).toMatchObject({ gone: ids(0, 15), held: [] });
  });

  it("F38: provisional products wait with the other products if these are a mass", () => {
    expect(absence(32, 22, { live })).toMatchObject({ gone: [], held: ids(0, 22), isTrusted: false });
  });

  it("F38: an empty list does not end provisional products", () => {
    expect(absence(32, 32, { live })).toMatchObject({ gone: [], held: ids(0, 32), isEmpty: true });
  });
});

describe("a second snapshot after a held one", () => {
  it.each([
    ["sooner than S", "inventory", 5 * MINUTE - 1, false],
    ["S after the first", "inventory", 5 * MINUTE, true],
    ["products, sooner than their S of an hour", "products", 59 * MINUTE, false],
    ["products, an hour after the first", "products", 60 * MINUTE, true],
  ] as const)("a second snapshot confirms the first only after S: %s", (_, resource, later, confirms) => {
    const plan = absence(100, 60, { resource, floor: T0 + later, before: asked(T0, ...ids(0, 60)) });
    expect(plan).toMatchObject({ gone: confirms ? ids(0, 60) : [], held: confirms ? [] : ids(0, 60) });
    // Each row waits since the first snapshot that left it out: polls in quick succession do not restart the wait.
    if (!confirms) expect(plan.asked.get("r0")).toBe(T0);
  });

  it("rows that only the second snapshot leaves out wait for a third", () => {
    const plan = absence(100, 60, { floor: T0 + 5 * MINUTE, before: asked(T0, ...ids(0, 30)) });
    expect(plan).toMatchObject({ gone: ids(0, 30), held: ids(30, 60) });
    expect(plan.asked).toEqual(since(T0 + 5 * MINUTE, ...ids(30, 60)));
  });

  it("rows that changed in between wait anew, because the first snapshot is older", () => {
    const live = rows(100, { source_at: T0 + MINUTE });
    const plan = absence(100, 60, { live, floor: T0 + 9 * MINUTE, before: asked(T0, ...ids(0, 60)) });
    expect(plan).toMatchObject({ gone: [], held: ids(0, 60) });
    expect(plan.asked.get("r0")).toBe(T0 + 9 * MINUTE);
  });

  it("rows that came back meanwhile are not gone, and no longer wait", () => {
    const plan = absence(100, 0, { floor: T0 + DAY, before: asked(T0, ...ids(0, 60)) });
    expect(plan).toMatchObject({ gone: [], held: [], asked: new Map() });
  });
});

describe("F38: an empty list ends nothing and confirms nothing", () => {
  const EMPTY = { seen: new Set<string>(), understood: 0 };

  it.each([
    ["one package", 1],
    ["a small store", 9],
    ["a large store", 5_000],
  ])("an empty list ends nothing, however few rows there are: %s", (_, live) => {
    expect(absence(live, live, EMPTY)).toMatchObject({ gone: [], held: ids(0, live), isEmpty: true, isTrusted: false });
  });

  it.each([
    ["no row at all", EMPTY],
    ["rows that could not be read, without an id", { ...EMPTY, unidentified: 38 }],
    ["rows of packages that ReUp does not have, without stock", { seen: new Set(["unknown"]), understood: 3 }],
  ])("an empty list ends nothing if it is repeated ten times over days: %s", (_, answer) => {
    let before: Given["before"] = NO_ABSENCES;
    for (let day = 0; day < 10; day++) {
      const plan = absence(38, 38, { ...answer, floor: T0 + day * DAY, before });
      expect(plan).toMatchObject({ gone: [], held: ids(0, 38), isTrusted: false });
      before = plan;
    }
  });

  it("a full list in between starts the wait anew, however often they alternate", () => {
    let before: Given["before"] = NO_ABSENCES;
    for (let hour = 0; hour < 6; hour += 2) {
      before = absence(38, 38, { ...EMPTY, floor: T0 + hour * HOUR, before });
      const full = absence(38, 0, { floor: T0 + (hour + 1) * HOUR, before });
      expect(full).toMatchObject({ gone: [], held: [], asked: new Map(), isTrusted: true });
      before = full;
    }
  });

  it("a list with any rows confirms the absences S after the empty list", () => {
    const before = absence(38, 38, EMPTY);
    const soon = absence(38, 37, { floor: T0 + 5 * MINUTE - 1, before });
    expect(soon).toMatchObject({ gone: [], held: ids(0, 37) });
    expect(absence(38, 37, { floor: T0 + 5 * MINUTE, before: soon })).toMatchObject({ gone: ids(0, 37), held: [] });
  });

  it("an empty list of an empty store holds nothing and raises the floor", () => {
    expect(absence(0, 0, EMPTY)).toMatchObject({ gone: [], held: [], isTrusted: true });
  });
});

describe("F39: a person's decision on absences is valid until the facts change", () => {
  it.each([
    ["the list leaves out the same rows again and again", 40, { understood: 60 }],
    ["the list is empty", 100, { understood: 0, seen: new Set<string>() }],
    ["the absence is too small for a review", 3, { understood: 97 }],
  ])("rows that a person kept stay: %s", (_, missing, over) => {
    let before: Given["before"] = kept(T0, ...ids(0, missing));
    for (const later of [MINUTE, HOUR, 3 * DAY]) {
      const plan = absence(100, missing, { ...over, floor: T0 + later, before });
      expect(plan).toMatchObject({ gone: [], held: [], asked: new Map(), kept: since(T0, ...ids(0, missing)) });
      before = plan;
    }
  });

  it("new absences beyond the kept rows are decided separately", () => {
    const before = kept(T0, ...ids(0, 40));
    expect(absence(100, 45, { floor: T0 + HOUR, before })).toMatchObject({ gone: ids(40, 45), held: [] });
    expect(absence(100, 80, { floor: T0 + HOUR, before })).toMatchObject({ gone: [], held: ids(40, 80) });
  });

  it.each([
    ["listed again and then left out", (before: Given["before"]) => absence(100, 0, { floor: T0 + HOUR, before })],
    ["listed again in a list that is cut off", (before: Given["before"]) => absence(100, 0, { floor: T0 + 1, before })],
  ])("a decision ends for rows that are %s", (_, between) => {
    const before = between(kept(T0, ...ids(0, 40)));
    expect(before.kept.size).toBe(0);
    expect(absence(100, 40, { floor: T0 + 2 * HOUR, before })).toMatchObject({ gone: [], held: ids(0, 40) });
  });

  it("a decision ends for rows that a webhook changed since", () => {
    const live = rows(100).map((each, index) => (index < 12 ? { ...each, source_at: T0 + MINUTE } : each));
    const plan = absence(100, 40, { live, floor: T0 + HOUR, before: kept(T0, ...ids(0, 40)) });
    expect(plan).toMatchObject({ gone: ids(0, 12), kept: since(T0, ...ids(12, 40)) });
  });
});

describe("F40: rows without an id do not switch off absences", () => {
  it.each([
    ["one row without an id, five packages sold out", 1, 5],
    ["three, four", 3, 4],
    ["nine, twelve of them: a mass", 9, 12],
  ])("the second list ends absent rows if more are absent than have no id: %s", (_, unidentified, missing) => {
    const first = absence(38, missing, { unidentified });
    expect(first).toMatchObject({ gone: [], asked: since(T0, ...ids(0, missing)) });
    const soon = absence(38, missing, { unidentified, floor: T0 + 5 * MINUTE - 1, before: first });
    expect(soon.gone).toEqual([]);
    const second = absence(38, missing, { unidentified, floor: T0 + 5 * MINUTE, before: soon });
    expect(second).toMatchObject({ gone: ids(0, missing), held: [] });
  });

  it.each([
    ["one, one", 1, 1],
    ["five, two", 5, 2],
  ])("rows stay if no more are absent than have no id, however often: %s", (_, unidentified, missing) => {
    let before: Given["before"] = NO_ABSENCES;
    for (let hour = 0; hour < 8; hour++) {
      const plan = absence(38, missing, { unidentified, floor: T0 + hour * HOUR, before });
      // Nobody is asked about them, and what the list does name is believed: the floor rises.
      expect(plan).toMatchObject({ gone: [], held: [], isTrusted: true });
      before = plan;
    }
  });

  it("a mass absence with rows without an id is held as usual", () => {
    expect(absence(38, 12, { unidentified: 1 })).toMatchObject({ gone: [], held: ids(0, 12), isTrusted: false });
  });

  it("if a mass of rows has no id, only a person or a list with ids decides", () => {
    const before = absence(38, 31, { unidentified: 30 });
    expect(before.held).toEqual(ids(0, 31));
    const later = absence(38, 31, { unidentified: 30, floor: T0 + DAY, before });
    expect(later).toMatchObject({ gone: [], held: ids(0, 31) });
    expect(absence(38, 31, { floor: T0 + DAY, before: later })).toMatchObject({ gone: ids(0, 31) });
  });
});

describe("F47: a package that is listed elsewhere has moved", () => {
  /** Packages p0…, each in the old room, and with `gained` in a new one since the last snapshot. */
  const moved = (packages: number, gained: number, over: Partial<Given> = {}) => {
    const old = Array.from({ length: packages }, (_, index) => row(`p${index} old`, { unit: `p${index}` }));
    const fresh = old.slice(0, gained).map((each) => row(`${each.unit} new`, { unit: each.unit, updated_at: T0 + 1 }));
    const seen = new Set([...fresh, ...old.slice(gained)].map(({ id }) => id));
    const live = [...old, ...fresh];
    return absence(0, 0, { live, seen, understood: seen.size, ...over });
  };

  it.each([
    ["every package of a renamed room", 200, 200],
    ["a third of the packages", 90, 30],
    ["one package", 5, 1],
  ])("the old room of a moved package ends at once, without the guard: %s", (_, packages, gained) => {
    expect(moved(packages, gained)).toMatchObject({ held: [], gone: [], isTrusted: true });
    expect(moved(packages, gained).moved).toHaveLength(gained);
  });

  /** Packages a0…, which the list leaves out, and b0… with their tags, which it lists since the last snapshot. */
  const renamed = (packages: number, over: Partial<LiveRow> = {}, more: readonly LiveRow[] = []) => {
    const old = Array.from({ length: packages }, (_, index) => row(`a${index}`, { tag: `TAG${index}` }));
    const fresh = old.map(({ tag }, index) => row(`b${index}`, { updated_at: T0 + 1, tag: tag ?? null, ...over }));
    const live = [...old, ...fresh, ...more];
    return { live, seen: new Set([...fresh, ...more].map(({ id }) => id)) };
  };
  const plan = ({ live, seen }: ReturnType<typeof renamed>, over: Partial<Given> = {}) =>
    absence(0, 0, { live, seen, understood: seen.size, ...over });

  it("F47: packages that are listed under another id, with the same tag, count once, whoever kept them", () => {
    const all = Array.from({ length: 30 }, (_, index) => `a${index}`);
    expect(plan(renamed(30))).toMatchObject({ held: [], gone: [], moved: all, isTrusted: true });
    expect(plan(renamed(30), { before: kept(T0 - MINUTE, ...all) }).moved).toEqual(all);
    expect(plan(renamed(30), { before: asked(T0 - MINUTE, ...all) }).moved).toEqual(all);
  });

  it.each<[string, ReturnType<typeof renamed>]>([
    ["that was there before", renamed(30, { updated_at: T0 - MINUTE })],
    ["of another tag", renamed(30, { tag: "ANOTHER" })],
    ["without a tag", renamed(30, { tag: null })],
    [
      "of a tag that many have",
      renamed(
        30,
        {},
        Array.from({ length: 30 }, (_, n) => row(`c${n}`, { tag: `TAG${n}` })),
      ),
    ],
  ])("F47: beside a package %s, one that the list leaves out is absent", (_, given) => {
    expect(plan(given)).toMatchObject({ moved: [], gone: [] });
    expect(plan(given).held).toHaveLength(30);
  });

  it.each([
    ["stamped a minute ago, and its new room as well", T0 + 4 * MINUTE, 1, true],
    ["stamped a minute ago, its new room before that", T0 + 3 * MINUTE, 1, false],
    ["changed by a webhook a minute ago, its new room by another", T0 + 4 * MINUTE, 0, false],
  ] as const)("a package moved only if its new room is as new as the old: %s", (_, source_at, source_rank, isMoved) => {
    const old = row("p0 old", { unit: "p0", source_at: T0 + 4 * MINUTE });
    const fresh = row("p0 new", { unit: "p0", source_at, source_rank, updated_at: T0 + 1 });
    const plan = absence(0, 0, { live: [old, fresh], seen: new Set(["p0 new"]), understood: 1 });
    expect(plan).toMatchObject({ moved: isMoved ? ["p0 old"] : [], gone: [], held: [] });
  });

  it("packages move even while others wait and rows without an id exist", () => {
    const plan = moved(40, 20, withHeld());
    expect(plan).toMatchObject({ moved: ["p0 old"], gone: [], held: ids(0, 12) });
  });

  function withHeld(): Pick<Given, "live" | "seen" | "understood" | "unidentified"> {
    const live = [row("p0 old", { unit: "p0" }), row("p0 new", { unit: "p0", updated_at: T0 + 1 }), ...rows(20)];
    return { live, seen: new Set(["p0 new", ...ids(12, 20)]), understood: 9, unidentified: 2 };
  }

  it("the guard counts packages: 9 packages in 4 rooms each are no mass", () => {
    const rooms = (unit: string) => [1, 2, 3, 4].map((room) => row(`${unit} ${room}`, { unit }));
    const [absent, there] = [ids(0, 9).flatMap(rooms), ids(9, 20).flatMap(rooms)];
    const plan = absence(0, 0, {
      live: [...absent, ...there],
      seen: new Set(there.map(({ id }) => id)),
      understood: there.length,
    });
    expect(plan).toMatchObject({ held: [], gone: absent.map(({ id }) => id) });
  });

  it("in a list that was cut off after its first room, nothing moved: the snapshot is held", () => {
    const [vault, floor] = ["vault", "floor"].map((room) => ids(0, 30).map((unit) => row(`${unit} ${room}`, { unit })));
    const plan = absence(0, 0, {
      live: [...(vault ?? []), ...(floor ?? [])],
      seen: new Set(vault?.map(({ id }) => id)),
      understood: 30,
    });
    expect(plan).toMatchObject({ moved: [], gone: [] });
    expect(plan.held).toHaveLength(30);
  });
});
