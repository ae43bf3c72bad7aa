import { expect, it } from "vitest";
import { ledgerOf } from "../../../dashboard/src/pages/store/product/ledger/ledger-of.ts";
import type { Change, Sale } from "../../../src/client/index.ts";

const minute = (n: number) => new Date(Date.UTC(2026, 10, 20, 12, n)).toISOString();

interface Given {
  n: number;
  quantity?: [number | null, number];
  product_id?: [string | null, string];
  room?: string;
  package_id?: string;
  cause?: string;
  resource?: string;
}

/** `n`: the minute, and its event. */
function change(
  { n, quantity, product_id, room = "Sales Floor", package_id = "1A4", ...rest }: Given,
  i: number,
): Change {
  const fields: Change["fields"] = {};
  if (quantity !== undefined) fields.quantity = { before: quantity[0], after: quantity[1] };
  if (product_id !== undefined) fields.product_id = { before: product_id[0], after: product_id[1] };
  const subject = { product_id: "prd_1", product_name: "Blue Dream", package_id, room_name: room };
  return {
    change_id: `c${i}`,
    resource: rest.resource ?? "inventory",
    record_id: `inv_${package_id}_${room}`,
    subject,
    fields,
    cause: rest.cause ?? "webhook",
    ref: `evt_${n}`,
    at: minute(n),
  };
}

const sale = (number: string, n: number, quantity: number, more: Partial<Sale> = {}): Sale =>
  ({
    sale_id: `sal_${number}`,
    dutchie_transaction_id: number,
    completed_at: minute(n),
    is_void: false,
    is_return: false,
    items: [{ product_id: "prd_1", quantity }],
    ...more,
  }) as Sale;

const ledger = (quantity: number, given: Given[], sales: Sale[] = []) =>
  ledgerOf(given.map(change), { product_id: "prd_1", quantity }, sales).map(
    (entry) => `${entry.change} ${entry.balance} ${entry.reason} ${entry.ref?.label}`,
  );

it("each sale explains one change, the nearest, and the balance goes back from what is on hand", () => {
  const sold: Given[] = [
    { n: 9, quantity: [9, 6] },
    { n: 5, quantity: [12, 9] },
    { n: 1, quantity: [null, 12] },
  ];
  expect(ledger(6, sold, [sale("71", 9, 3), sale("70", 5, 3)])).toEqual([
    "-3 6 sale 71",
    "-3 9 sale 70",
    "12 12 received evt_1",
  ]);
  expect(ledger(6, sold, [sale("70", 5, 3)])).toEqual(["-3 6 sale 70", "-3 9 adjusted evt_5", "12 12 received evt_1"]);
});

it.each([
  ["of another quantity", sale("70", 5, 2)],
  ["of long ago", { ...sale("70", 5, 3), completed_at: "2026-11-19T12:00:00.000Z" }],
  ["that is void", sale("70", 5, 3, { is_void: true })],
  ["that is a return", sale("70", 5, 3, { is_return: true })],
])("a sale %s explains nothing", (_, given) => {
  expect(ledger(9, [{ n: 5, quantity: [12, 9] }], [given])).toEqual(["-3 9 adjusted evt_5"]);
});

it("a package that changes its room is one line, and the balance stays", () => {
  const moved: Given[] = [
    { n: 5, quantity: [null, 12], room: "Vault" },
    { n: 5, quantity: [12, 0] },
  ];
  expect(ledgerOf(moved.map(change), { product_id: "prd_1", quantity: 12 }, [])).toMatchObject([
    { reason: "moved", change: 0, balance: 12, room: "Vault" },
  ]);
  // Two packages at once are no move.
  expect(
    ledger(12, [
      { n: 5, quantity: [null, 12], package_id: "1A5" },
      { n: 5, quantity: [12, 0] },
    ]),
  ).toEqual(["12 12 received evt_5", "-12 0 sold_out evt_5"]);
});

it("what was before a package came from another product has no balance", () => {
  expect(
    ledger(7, [
      { n: 9, quantity: [8, 7] },
      { n: 7, product_id: ["prd_2", "prd_1"], cause: "merge" },
      { n: 5, quantity: [9, 8] },
    ]),
  ).toEqual(["-1 7 adjusted evt_9", "0 8 merged evt_7", "-1 null adjusted evt_5"]);
});

it("the first sync is named, grams leave no tails, and other changes are no lines", () => {
  expect(
    ledger(0.2, [
      { n: 9, quantity: [0.3, 0.2] },
      { n: 8, resource: "products" },
      { n: 7 },
      { n: 1, quantity: [null, 0.3], cause: "initial" },
    ]),
  ).toEqual(["-0.1 0.2 adjusted evt_9", "0.3 0.3 first_seen evt_1"]);
});
