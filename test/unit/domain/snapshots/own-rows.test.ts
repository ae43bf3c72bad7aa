import { describe, expect, it } from "vitest";
import { ownRows } from "../../../../src/domain/snapshots/own-rows.ts";

describe("F83: rows that say which store they belong to", () => {
  const UUID = "00000000-0000-4000-8000-000000000077";

  it.each<[string, string | null, string | undefined, boolean]>([
    ["this store's", "77", "77", true],
    ["another store's", "77", "999", false],
    ["another store's that begins alike", "77", "770", false],
    ["without a store", "77", undefined, true],
    ["with another kind of id", "77", UUID, true],
    ["of a store whose id is another kind", UUID, "77", true],
    ["of a store whose id is not known", null, "999", true],
  ])("F83: only another store's row fails: %s", (_, own, stated, isKept) => {
    const row = { id: "5", ...(stated === undefined ? {} : { dutchie_location_id: stated }) };
    const { rows, failures } = ownRows("inventory", [row, { id: "6" }], { own, idOf: ({ id }) => id });
    expect(rows.map(({ id }) => id)).toEqual(isKept ? ["5", "6"] : ["6"]);
    expect(failures).toEqual(
      isKept
        ? []
        : [{ resource: "inventory", dutchie_id: "5", reason: `it belongs to Dutchie's location ${stated}, not to 77` }],
    );
  });
});
