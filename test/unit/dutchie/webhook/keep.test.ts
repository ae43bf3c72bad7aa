import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { combinePackageRows } from "../../../../src/domain/snapshots/package-rows.ts";
import { LINE, PACKAGE, PRODUCT, ROOM_QUANTITY, SALE } from "../../../../src/dutchie/decode/synonyms.ts";
import { decodeEvent, EVENT_RESOURCES, parseEvent } from "../../../../src/dutchie/webhook/event.ts";
import { keep } from "../../../../src/dutchie/webhook/keep.ts";

const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value)).byteLength;

/** What an event says in the end: of packages, one statement each. */
function meaning(body: unknown) {
  const event = parseEvent(body);
  if (!event.ok) return event;
  const { rows: _, ...envelope } = event;
  const decoded = decodeEvent(event);
  if (decoded === null) return { ...envelope, rows: [] };
  // Keys that nobody knows and the whole row's hash are what was left out.
  const { unknown: __, keys: ____, ...said } = decoded;
  if (said.resource !== "inventory") return { ...envelope, ...said };
  const statements = combinePackageRows(said.rows, { whole: false, failed: new Set(), row_per_room: true });
  return { ...envelope, ...said, rows: statements.map(({ fingerprint: ___, ...row }) => row) };
}

// ---- Any event, of keys that are read and keys that are not, with values that are sense and nonsense ---------------

const leaf = fc.oneof(
  fc.constantFrom(
    null,
    true,
    0,
    1,
    -3,
    12.5,
    1e14,
    1e16,
    1e300,
    "",
    " ",
    "12",
    "$4",
    "N/A",
    "0",
    "Jane Doe",
    "%",
    "mg",
  ),
  fc.constantFrom(
    "18 - 22 %",
    "n.d.",
    "≤0.3%",
    "5 mg/ml",
    "<LOQ",
    "strong",
    "?",
    "3.5 g",
    "3 bananas",
    "3,5 bananas",
    "1,500",
    "active",
    "2026-03-01T10:00:00Z",
    1_772_000_000,
    "a\0b",
  ),
  fc.constantFrom("😀".repeat(1_100), `x${"😀".repeat(1_000)}`, "\ud800", "&amp;amp;", "9".repeat(300), "constructor"),
  fc.string(),
);
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    leaf,
    tie("object"),
    fc.array(tie("any"), { maxLength: 3 }),
  ),
  object: fc.dictionary(
    fc.constantFrom("id", "name", "Name", "range", "value", "formatted", "unit", "x", "__proto__", "tel"),
    tie("any"),
    { maxKeys: 4 },
  ),
})).any;

type Names = Readonly<Record<string, readonly string[]>>;
const spelt = (names: readonly string[]) =>
  fc.oneof(
    fc.constantFrom(...names),
    fc.constantFrom(...names).map((name) => `${name[0]?.toUpperCase()}${name.slice(1, 3)}_${name.slice(3)}`),
  );
const UNREAD = fc.constantFrom("notes", "contact", "", "__proto__", "constructor", "Jane Doe");
/** Fields under some of their names, for the first that can be read counts; and keys that are not read. */
const rowOf = (table: Names, special: fc.Arbitrary<unknown> = value) => {
  const stated = fc.oneof(value, special);
  const field = fc
    .constantFrom(...Object.values(table))
    .chain((names) => fc.array(fc.tuple(spelt(names), stated), { minLength: 1, maxLength: 3 }));
  return fc
    .array(fc.oneof({ arbitrary: field, weight: 3 }, fc.tuple(fc.tuple(UNREAD, stated))), { maxLength: 5 })
    .map((entries) => Object.fromEntries(entries.flat()));
};

const line = rowOf(LINE);
const room = rowOf(ROOM_QUANTITY);
const listOf = (each: fc.Arbitrary<unknown>) =>
  fc.array(fc.oneof({ arbitrary: each, weight: 5 }, leaf), { maxLength: 4 });
const sound = (row: fc.Arbitrary<object>, needed: object) => row.map((each) => ({ ...needed, ...each }));
const row = {
  products: sound(rowOf(PRODUCT), { id: 1 }),
  inventory: sound(rowOf(PACKAGE, listOf(room)), { id: 1, quantity: 5 }),
  sales: sound(rowOf(SALE, listOf(line)), { id: 1, date: "2026-03-01" }),
};
const event = fc
  .constantFrom(...Object.entries(EVENT_RESOURCES), ["customer.updated", "sales"] as const)
  .chain(([type, resource]) => {
    const one = fc.oneof({ arbitrary: row[resource], weight: 6 }, value);
    const list = fc.array(fc.oneof(one, fc.constantFrom({ id: 1, quantity: 5, room: "Vault", lot: "A" })), {
      maxLength: 5,
    });
    return fc.record({
      [fc.sample(fc.constantFrom("type", "event"), 1)[0] ?? "type"]: fc.constant(type),
      id: leaf,
      timestamp: leaf,
      [fc.sample(fc.constantFrom("extra", "locationId"), 1)[0] ?? "extra"]: value,
      data: fc.oneof(
        one,
        list,
        fc.record({ items: list, location_id: leaf, other: value }),
        fc.record({ items: list, id: leaf }),
      ),
    });
  });

describe("F73: what is stored of a webhook", () => {
  it("F73: the stored event decodes to the same rows, except for the customer", () => {
    fc.assert(
      fc.property(event, (body) => {
        expect(meaning(keep(body, { customers: true }))).toEqual(meaning(body));
        const without = JSON.parse(JSON.stringify(meaning(keep(body))));
        const withCustomer = JSON.parse(JSON.stringify(meaning(body)));
        for (const sale of [...(without.rows ?? []), ...(withCustomer.rows ?? [])]) delete sale.dutchie_customer_id;
        expect(without).toEqual(withCustomer);
      }),
      {
        numRuns: 1_500,
        examples: [
          [{ type: "inventory.updated", data: { items: [{ id: 1, quantity: 5, product: "\ud800" }] } }],
          [
            {
              type: "inventory.updated",
              data: { id: 1, quantityAvailable: 1e14, quantity: 5, unitPrice: 1e9, price: 4 },
            },
          ],
          [
            {
              type: "inventory.updated",
              data: { id: 1, quantity: 5, roomQuantities: [{ room: "A", quantityAvailable: 1e14, quantity: 5 }] },
            },
          ],
          [{ type: "product.updated", data: { id: 1, netWeight: "1/8", weight: "3,5" } }],
          [{ type: "product.updated", data: { id: 1, netWeight: "3,5 bananas" } }],
          [{ type: "product.updated", data: { id: 1, netWeight: "1.2.3 bananas" } }],
          [{ type: "product.updated", data: { id: 1, netWeight: `3,5${" ".repeat(300)}g` } }],
          [{ type: "product.created", location_id: "7", data: null }],
          [{ type: "sale.completed", data: [{ id: 1, date: "2026-03-01", discount: "$" }] }],
        ],
      },
    );
  });

  it("F80: the stored event is never larger in bytes than the webhook", () => {
    fc.assert(
      fc.property(fc.oneof(event, fc.jsonValue()), (body) => {
        for (const customers of [true, false]) {
          const kept = keep(body, { customers });
          if (kept !== null) expect(bytes(kept)).toBeLessThanOrEqual(bytes(body));
        }
      }),
      { numRuns: 1_500 },
    );
  });

  it("F73: an event that is stored again is the same", () => {
    fc.assert(
      fc.property(event, (body) => {
        expect(keep(keep(body))).toEqual(keep(body));
      }),
      {
        numRuns: 500,
        examples: [[{ type: "inventory.updated", data: { id: 1, quantity: 5, product: { Name: null } } }]],
      },
    );
  });

  const PERSON = {
    name: "Jane Doe",
    tel: "+1 555 0100",
    notes: '{"customer":"Jane Doe"}',
    "Jane Doe": 1,
    dob: "1971-02-03",
  };
  const sale = {
    transactionId: 9,
    transactionDate: "2026-03-01T10:00:00Z",
    total: 5,
    items: [{ productId: 1, productName: "Blue Dream", quantity: 1, unitPrice: 5 }],
  };
  it.each<[string, string, unknown, unknown]>([
    ["a contact in a sale", "sale.completed", { ...sale, contact: PERSON, notes: "for Jane Doe" }, sale],
    ["a customer in a line", "sale.completed", { ...sale, items: [{ ...sale.items[0], for: PERSON }] }, sale],
    [
      "fields that are read, with people in them",
      "sale.completed",
      { ...sale, total: PERSON, tax: "Jane Doe" },
      {
        ...sale,
        total: {},
        tax: {},
      },
    ],
    ["a name with an endless tail", "sale.completed", { ...sale, [`type${"_".repeat(200)}Jane Doe`]: "x" }, sale],
    [
      "a package's buyer",
      "inventory.updated",
      { id: 1, quantity: 2, reservedFor: PERSON, room: { id: 3, name: "Vault", by: "Jane Doe" } },
      {
        id: 1,
        quantity: 2,
        room: { name: "Vault" },
      },
    ],
    [
      "a product's potency",
      "product.updated",
      { id: 1, potencyThc: { range: [18, 22], unit: "%", by: "Jane Doe", formatted: "Jane Doe" } },
      {
        id: 1,
        potencyThc: { range: [18, 22], unit: "%", formatted: "q" },
      },
    ],
    ["values that are no rows", "inventory.updated", ["Jane Doe", [PERSON], null], [0, 0, 0]],
    [
      "a list under another key",
      "product.updated",
      { items: [{ id: 1, contact: PERSON }], customers: [PERSON] },
      { items: [{ id: 1 }] },
    ],
  ])("F73: %s is not stored", (_, type, data, kept) => {
    const envelope = { type, id: "evt_1", occurred_at: "2026-03-01T10:00:00Z" };
    expect(keep({ ...envelope, data, customer: PERSON, ...PERSON })).toEqual({ ...envelope, data: kept });
  });

  it.each(["customer.updated", "sale.completed.v2", "constructor", "__proto__"])(
    "F73: only type, id and time of an event of type %s are stored",
    (type) => {
      const envelope = { event: type, event_id: 7, timestamp: 1_772_000_000 };
      expect(keep({ ...envelope, data: { ...sale, ...PERSON }, ...PERSON })).toEqual(envelope);
    },
  );

  it("F73: the customer's id is kept until the pseudonym is made, if the store keeps customers", () => {
    const body = { type: "sale.completed", data: { ...sale, customerId: 4, customerName: "Jane Doe" } };
    expect(keep(body)).toEqual({ type: "sale.completed", data: sale });
    expect(keep(body, { customers: true })).toEqual({ type: "sale.completed", data: { ...sale, customerId: 4 } });
  });

  it("F73: packages that differ only in unread fields stay two, and an equal package is one", () => {
    const row = { id: 1, room: "Vault", quantity: 5 };
    const data = [
      { ...row, lot: "A" },
      { ...row, lot: "B" },
      { lot: "A", ...row },
    ];
    const kept = keep({ type: "inventory.updated", data });
    expect(kept).toEqual({ type: "inventory.updated", data: [row, { ...row, "": 1 }, row] });
    expect(meaning(kept)).toMatchObject({ rows: [{ quantity: 10 }] });
  });
});
