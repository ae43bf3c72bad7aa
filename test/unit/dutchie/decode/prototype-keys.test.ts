import { globSync, readFileSync } from "node:fs";
import { describe, expect, it, vi } from "vitest";
import { mapPackage, mapProduct, mapSale } from "../../../../src/domain/records/mapping.ts";
import { planSales } from "../../../../src/domain/resolve/sales.ts";
import { DEFAULT_SETTINGS } from "../../../../src/domain/settings.ts";
import {
  decodeInventory,
  decodeProduct,
  decodeRoom,
  decodeRow,
  decodeSale,
} from "../../../../src/dutchie/decode/decode.ts";
import { LINE, PACKAGE, PRODUCT, ROOM_QUANTITY, SALE } from "../../../../src/dutchie/decode/synonyms.ts";
import { decodeEvent, parseEvent } from "../../../../src/dutchie/webhook/event.ts";
import { keep } from "../../../../src/dutchie/webhook/keep.ts";

/** Names that every plain object answers to. */
const WORDS = ["constructor", "__proto__", "toString", "hasOwnProperty", "valueOf", "isPrototypeOf", "toLocaleString"];

const namesIn = (table: Record<string, readonly string[]>) => Object.values(table).flat();
/** JSON.parse, unlike a literal, makes `__proto__` a key of its own. */
const json = (entries: [string, unknown][]): unknown =>
  JSON.parse(`{${entries.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(",")}}`);
const all = (table: Record<string, readonly string[]>, word: unknown, more: [string, unknown][] = []) =>
  json([...namesIn(table).map((name): [string, unknown] => [name, word]), ...more]);

describe.each(WORDS)("F72: “%s” as a value or key of Dutchie's", (word) => {
  it("F72: the word is a text in every field, and not a property of the field", () => {
    const { package: _, ...names } = PRODUCT;
    const product = decodeProduct(all(names, word, [[word, word]]));
    if (!product.ok) throw new Error(product.reason);
    expect(mapProduct(product.row).content).toMatchObject({ sku: word, category: word, brand: word });
    // No unit and no amount: nothing can be read of it.
    expect(product.row.thc).toBeUndefined();
    const units = {
      id: 1,
      potencyThc: 12,
      potencyThcUnit: word,
      potencyCbd: { value: 3, unit: word },
      netWeight: 3,
      netWeightUnit: word,
    };
    expect(decodeProduct(units)).toMatchObject({ ok: true, row: { unit_grams: null } });
    expect(decodeProduct({ id: 1, potencyThc: `12 ${word}` }).ok).toBe(true);
    expect(decodeProduct({ id: 1, netWeight: `3 ${word}`, isActive: word }).ok).toBe(true);
  });

  it("F72: the word is a room, a status and a line's id", () => {
    const rooms = [{ room: word, quantity: 2 }, all(ROOM_QUANTITY, word, [["qty", 1]])];
    const { sale: _, ...names } = PACKAGE;
    const found = decodeInventory(
      all(names, word, [
        ["quantityavailable", 3],
        ["roomquantities", rooms],
      ]),
    );
    if (!found.ok) throw new Error(found.reason);
    const settings = { ...DEFAULT_SETTINGS, room_types: { Vault: "vault" as const } };
    expect(mapPackage(found.row, settings).cells?.[0]).toMatchObject({ room_name: word, room_type: null });
    expect(decodeRoom(all({ id: ["id"], name: ["name"] }, word)).ok).toBe(true);

    const line = all(LINE, word, [["quantity", 1]]);
    const sale = decodeSale(
      all(SALE, word, [
        ["date", "2026-03-01"],
        ["items", [line, { id: word, qty: 2 }]],
      ]),
    );
    if (!sale.ok) throw new Error(sale.reason);
    const incoming = mapSale({ ...sale.row }, null);
    const plan = planSales({
      incoming: [incoming],
      stored: new Map(),
      productIds: new Map(),
      pepper_id: null,
      read: { kind: "event", occurred_at: 1, received_at: 1 },
      floor: 0,
      now: 2,
      origin: { cause: "webhook", ref: "evt" },
    });
    expect(plan.outcomes).toHaveLength(1);
  });

  it("F72: the word is an unknown type and an unknown key", () => {
    const parsed = parseEvent(
      json([
        ["type", word],
        ["data", { id: 1 }],
      ]),
    );
    expect(parsed).toMatchObject({ ok: true, known: false });
    expect(parsed.ok && decodeEvent(parsed)).toBeNull();
    expect(
      keep(
        json([
          ["type", "product.updated"],
          [word, 1],
          [
            "data",
            json([
              ["id", 1],
              [word, { a: 1 }],
            ]),
          ],
        ]),
      ),
    ).toEqual({
      type: "product.updated",
      data: { id: 1 },
    });
  });
});

describe("F72: what throws fails alone", () => {
  it.each(["products", "inventory", "sales"] as const)("F72: a row of %s that throws is a failed row", (resource) => {
    const logged = vi.spyOn(console, "error").mockImplementation(() => {});
    const trap = new Proxy(
      {},
      {
        ownKeys: () => {
          throw new TypeError("Jane Doe is not a function");
        },
      },
    );
    expect(decodeRow(resource, trap)).toMatchObject({
      ok: false,
      reason: expect.stringMatching(/fault is on ReUp's side/),
    });
    expect(JSON.stringify(logged.mock.calls)).toContain("TypeError");
    expect(JSON.stringify(logged.mock.calls)).not.toContain("Jane");
    logged.mockRestore();
  });
});

/**
 * Objects that are tables by name, and where they are asked for a name that is not the code's own: `Object.hasOwn` stands
 * beside it, or the reason why no name from outside reaches it.
 */
const OWN_NAMES = new Set([
  "src/api/errors.ts", // STATUS_OF: our own codes
  "src/api/openapi/example.ts", // BY_NAME: our own schema
  "src/domain/values/sizes.ts", // MG: units that its own pattern let through
  "src/dutchie/http/classify-response.ts", // ORIGIN_FAILURES: a number
]);

it("F72: every table of words from outside uses Object.hasOwn, is a Map, or has no prototype", () => {
  const open = globSync("src/**/*.ts").flatMap((file) => {
    const text = readFileSync(file, "utf8");
    const tables = [...text.matchAll(/^(?:export )?const (\w+): (?:Readonly<)?Record<string, .*=/gm)].map(
      ([, name]) => name,
    );
    return tables.flatMap((name = "") => {
      const isAsked = text.includes(`${name}[`);
      const isSafe =
        text.includes(`Object.hasOwn(${name},`) || new RegExp(`${name}\\b.*Object\\.create\\(null\\)`).test(text);
      return isAsked && !isSafe && !OWN_NAMES.has(file) ? [`${file}: ${name}`] : [];
    });
  });
  expect(open).toEqual([]);
});
