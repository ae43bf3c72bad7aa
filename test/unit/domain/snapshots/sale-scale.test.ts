import { describe, expect, it } from "vitest";
import { fitOf, LATEST_SALES, planSaleScale, type SoldLines } from "../../../../src/domain/snapshots/sale-scale.ts";
import { NOW } from "../build.ts";

type SoldLine = NonNullable<SoldLines["lines"]>[number];

const PRICES = new Map([
  ["a", 10],
  ["b", 20],
]);
const line = (over: Partial<SoldLine> = {}): SoldLine => ({
  product_id: "a",
  quantity: 1,
  unit_price: 10,
  total: 10,
  ...over,
});
const sale = (lines: readonly SoldLine[] | null = [line()], over: Partial<SoldLines> = {}): SoldLines => ({
  total: 10,
  is_void: false,
  lines,
  ...over,
});
const cents = sale([line({ unit_price: 1_000, total: 1_000 })], { total: 1_000 });

describe("a sale beside the prices of what it sold", () => {
  it.each<[string, SoldLines, ReturnType<typeof fitOf>]>([
    ["it fits", sale(), "fits"],
    ["all is in cents", cents, "above"],
    ["only its total is in cents", sale([line()], { total: 1_000 }), "above"],
    ["only the totals of its lines are in cents", sale([line({ total: 1_000 })]), "above"],
    ["only the prices of its lines are in cents", sale([line({ unit_price: 1_000 })]), "above"],
    ["it is a return in cents", sale([line({ quantity: -1, total: -1_000 })], { total: -1_000 }), "above"],
    ["the price has doubled since", sale([line({ unit_price: 5, total: 5 })], { total: 5 }), "fits"],
    ["it cost a cent", sale([line({ unit_price: 0.01, total: 0.01 })], { total: 0.01 }), "below"],
    ["it cost a cent after a discount", sale([line({ total: 0.01 })], { total: 0.01 }), "fits"],
    ["one of two cost a cent", sale([line(), line({ unit_price: 0.01, total: 0.01 })], { total: 10.01 }), "fits"],
    ["an ounce at the price of an ounce", sale([line({ quantity: 28 })]), "fits"],
    ["the prices are in cents", sale([line({ unit_price: 0.1, total: 0.1 })], { total: 0.1 }), "below"],
    ["it was given away", sale([line({ unit_price: 0, total: 0 })], { total: 0 }), null],
    ["six are sold", sale([line({ quantity: 6, total: 60 })], { total: 60 }), "fits"],
    ["eight and more are sold", sale([line({ quantity: 12, total: 120 })], { total: 120 }), "fits"],
    ["a part of it is of no product", sale([line(), line({ product_id: null, total: 500 })], { total: 510 }), "fits"],
    [
      "a part of it is of a product without a price",
      sale([line(), line({ product_id: "new" })], { total: 510 }),
      "fits",
    ],
    ["none of its products has a price", sale([line({ product_id: "new", total: 1_000 })]), null],
    ["a coupon is no goods", sale([line(), line({ product_id: null, is_coupon: true, total: -900 })]), "fits"],
    ["it states no amounts", sale([line({ unit_price: null, total: null })], { total: null }), null],
    ["its lines are rolled up", sale(null, { total: 1_000 }), null],
    ["it is void", { ...cents, is_void: true }, null],
  ])("%s", (_, given, fit) => {
    expect(fitOf(given, PRICES)).toBe(fit);
  });
});

describe("the alert on sales in another unit", () => {
  const of = (far: number, near: number, others = 0) => [
    ...Array.from({ length: far }, () => cents),
    ...Array.from({ length: near }, () => sale()),
    ...Array.from({ length: others }, () => sale(null)),
  ];
  const cheap = sale([line({ unit_price: 0.1, total: 0.1 })], { total: 0.1 });
  const mass = { lost: 20, had: 20, at: NOW - 1 };
  it.each<[string, SoldLines[], typeof mass | null, object]>([
    ["all", of(LATEST_SALES, 0), null, { kind: "raise", mass: { lost: 20, had: 20, at: NOW } }],
    ["most", of(11, 9), null, { kind: "raise", mass: { lost: 11, had: 20, at: NOW } }],
    ["half", of(10, 10), null, { kind: "none" }],
    ["too few to say", of(9, 0), null, { kind: "none" }],
    ["prices in cents", Array(11).fill(cheap), null, { kind: "raise", mass: { lost: 11, had: 11, at: NOW } }],
    ["half too high, half too low", [...of(10, 0), ...Array(10).fill(cheap)], null, { kind: "none" }],
    ["few are comparable", of(10, 3, 7), null, { kind: "raise", mass: { lost: 10, had: 13, at: NOW } }],
    ["still, and people know", of(20, 0), mass, { kind: "none" }],
    ["fewer, but not few", of(5, 15), mass, { kind: "none" }],
    ["few", of(4, 16), mass, { kind: "over", left: 4 }],
    ["none can be compared any more", of(0, 3, 17), mass, { kind: "none" }],
  ])("%s", (_, sales, notified, plan) => {
    expect(planSaleScale({ sales, prices: PRICES, notified, now: NOW })).toEqual(plan);
  });
});
