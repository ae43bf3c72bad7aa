import { cents, type Random } from "../random.ts";
import type { Package, Product, Sale, SaleLine } from "./records.ts";

/** What is bought. A package of long ago may no longer exist. */
export interface Bought {
  product: Product;
  package: Package | undefined;
  quantity: number;
}

/** Makes sales and returns, the same way for history and live events. */
export class Till {
  #nextSale = 20_000_001;
  #nextLine = 60_000_001;

  sale(bought: Bought[], at: number, modified: number, random: Random): Sale {
    const type = random.weighted([
      ["Retail", 97],
      ["Transfer", 2],
      ["WholesaleOrder", 1],
    ] as const);
    const retail = type === "Retail";
    const lines = bought.map((each) => this.#line(each, retail && random.chance(0.2) ? 0.1 : 0, random));
    const sums = totals(lines, retail ? 0.154 : 0);
    return {
      id: this.#nextSale++,
      type,
      customerId: retail ? customer(random.int(1, 4000)) : 0,
      at,
      ...sums,
      isVoid: false,
      voidDate: null,
      isReturn: false,
      returnOf: null,
      lines,
      modified,
    };
  }

  /** A return is a transaction of its own. As in real life, its signs are unreliable. */
  refund(original: Sale, line: SaleLine, at: number): Sale {
    const sign = original.id % 2 === 0 ? -1 : 1;
    const lines = [
      {
        ...line,
        id: this.#nextLine++,
        quantity: sign * line.quantity,
        discount: sign * line.discount,
        total: sign * line.total,
      },
    ];
    return {
      ...original,
      id: this.#nextSale++,
      at,
      ...totals(lines, original.type === "Retail" ? 0.154 : 0),
      isReturn: true,
      returnOf: original.id,
      lines,
      modified: at,
    };
  }

  #line({ product, package: item, quantity }: Bought, discountRate: number, random: Random): SaleLine {
    const unitPrice = item?.unitPrice ?? product.price ?? 10;
    const discount = cents(unitPrice * quantity * discountRate);
    return {
      id: this.#nextLine++,
      productId: product.id,
      // A package that sold out long ago is not in the inventory, but sales still name it.
      inventoryId: item?.id ?? 4_000_000 + (product.id % 1_000_000),
      packageId: item === undefined ? `1A40603000${product.id}${random.int(10, 99)}` : item.packageId,
      quantity,
      unitPrice,
      unitCost: item === undefined ? product.unitCost : item.unitCost,
      discount,
      total: cents(unitPrice * quantity - discount),
      isReturned: false,
      returnDate: null,
      returnedBy: null,
    };
  }
}

/** One in seven is anonymous, half are regulars, the rest come seldom. */
function customer(drawn: number): number {
  if (drawn % 7 === 0) return 0;
  return 700_000 + (drawn % 2 === 0 ? drawn % 60 : drawn);
}

function totals(lines: SaleLine[], taxRate: number) {
  const net = cents(lines.reduce((sum, line) => sum + line.total, 0));
  const discount = cents(lines.reduce((sum, line) => sum + line.discount, 0));
  const tax = cents(net * taxRate);
  return { subtotal: cents(net + discount), discount, tax, total: cents(net + tax) };
}

/** The original sale after a return: only its line is flagged. */
export function withReturned(sale: Sale, lineId: number, refund: Sale, modified: number): Sale {
  return {
    ...sale,
    modified,
    lines: sale.lines.map((line) =>
      line.id === lineId ? { ...line, isReturned: true, returnDate: refund.at, returnedBy: refund.id } : line,
    ),
  };
}
