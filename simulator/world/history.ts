import type { Random } from "../random.ts";
import type { Package, Product, Sale } from "./records.ts";
import { type Bought, type Till, withReturned } from "./till.ts";

const DAY = 86_400_000;

export interface Past {
  products: Product[];
  packagesOf: (productId: number) => Package[];
  till: Till;
  random: Random;
  now: number;
  days: number;
  perDay: number;
}

/** The sales of the last days in order of time, with the voids and returns that belong to them. */
export function salesHistory(past: Past): Sale[] {
  const { random, now } = past;
  const sales: Sale[] = [];
  const times = Array.from({ length: past.days * past.perDay }, () =>
    Math.floor(now - 60_000 - random.next() * (past.days * DAY - 60_000)),
  ).sort((a, b) => a - b);
  for (const at of times) {
    if (random.chance(0.015) && refundOne(past, sales, at)) continue;
    const sale = past.till.sale(basket(past), at, Math.min(now - 30_000, at + random.int(0, 30_000)), random);
    sales.push(random.chance(0.02) ? voided(sale, Math.min(now - 30_000, at + random.int(1, 120) * 60_000)) : sale);
  }
  return sales;
}

export function voided(sale: Sale, at: number): Sale {
  return { ...sale, isVoid: true, voidDate: at, modified: at };
}

function basket({ random, products, packagesOf }: Past): Bought[] {
  const size = random.weighted([
    [1, 35],
    [2, 30],
    [3, 22],
    [4, 13],
  ] as const);
  return Array.from({ length: size }, () => {
    const product = random.pick(products);
    const packages = packagesOf(product.id);
    const item = packages.length > 0 && random.chance(0.7) ? random.pick(packages) : undefined;
    return { product, package: item, quantity: item?.quantityUnits === "Grams" ? 3.5 : random.int(1, 3) };
  });
}

function refundOne({ random, till }: Past, sales: Sale[], at: number): boolean {
  const index = sales.length - 1 - random.int(0, Math.min(400, sales.length - 1));
  const original = sales[index];
  const line = original?.lines[0];
  if (original === undefined || line === undefined || original.isVoid || original.isReturn) return false;
  if (line.isReturned || original.modified >= at) return false;
  const refund = till.refund(original, line, at);
  sales[index] = withReturned(original, line.id, refund, at);
  sales.push(refund);
  return true;
}
