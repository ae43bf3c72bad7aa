import fc from "fast-check";
import { expect, it } from "vitest";
import { MAX_CHANGED_IDS } from "../../../../src/domain/bounds.ts";
import { type Changed, changedOf, joined } from "../../../../src/domain/feed/changed.ts";
import { FEED_RESOURCES } from "../../../../src/domain/feed/entries.ts";

const entries = fc
  .array(
    fc.record({
      resource: fc.constantFrom(...FEED_RESOURCES),
      record_id: fc.integer({ min: 1, max: 150 }).map(String),
    }),
    {
      maxLength: 300,
    },
  )
  .map((each) => each.map((entry, index) => ({ ...entry, sequence: index + 1 })));

it("whatever is told in one event or in several, a viewer has each id, or knows that there are more", () => {
  fc.assert(
    fc.property(entries, fc.nat(300), (all, cut) => {
      const told = new Map<string, Changed>();
      for (const part of [all.slice(0, cut), all.slice(cut)]) {
        for (const each of changedOf(part)) told.set(each.resource, joined(told.get(each.resource), each));
      }
      for (const resource of FEED_RESOURCES) {
        const own = all.filter((entry) => entry.resource === resource);
        const ids = new Set(own.map(({ record_id }) => record_id));
        const seen = told.get(resource);
        expect(seen?.count ?? 0).toBe(own.length);
        expect(seen?.sequence).toBe(own.at(-1)?.sequence);
        expect(seen?.ids.length ?? 0).toBe(Math.min(ids.size, MAX_CHANGED_IDS));
        expect((seen?.ids ?? []).every((id) => ids.has(id))).toBe(true);
      }
    }),
  );
});
