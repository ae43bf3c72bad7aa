import { round4 } from "../random.ts";
import type { Row } from "../row.ts";
import { type LocalClock, stamp } from "../time.ts";
import type { Sale } from "../world/records.ts";

/** A transaction of the real API; its lines only when the detail was asked for. */
export function posSale(sale: Sale, clock: LocalClock, withDetail: boolean): Row {
  const retail = sale.type === "Retail";
  return {
    transactionId: sale.id,
    customerId: sale.customerId,
    employeeId: 31 + (sale.id % 9),
    transactionDate: stamp(sale.at, sale.id),
    voidDate: stamp(sale.voidDate, sale.id),
    isVoid: sale.isVoid,
    subtotal: sale.subtotal,
    totalDiscount: sale.discount,
    totalBeforeTax: round4(sale.subtotal - sale.discount),
    tax: sale.tax,
    tipAmount: null,
    total: sale.total,
    paid: sale.total,
    changeDue: 0,
    totalItems: sale.lines.length,
    terminalName: retail ? `Register ${1 + (sale.id % 4)}` : null,
    invoiceNumber: null,
    isTaxInclusive: false,
    transactionType: sale.type,
    items: withDetail ? sale.lines.map((line) => posLine(sale, line)) : null,
    discounts: null,
    lastModifiedDateUTC: stamp(sale.modified, sale.id),
    returnOnTransactionId: sale.returnOf,
    adjustmentForTransactionId: null,
    orderType: retail ? "Walk In" : null,
    wasPreOrdered: false,
    isReturn: sale.isReturn,
    customerTypeId: 2,
    isMedical: false,
    orderIds: null,
    totalCredit: 0,
    transactionDateLocalTime: clock.naive(sale.at),
  };
}

function posLine(sale: Sale, line: Sale["lines"][number]): Row {
  return {
    transactionItemId: line.id,
    transactionId: sale.id,
    productId: line.productId,
    inventoryId: line.inventoryId,
    packageId: line.packageId,
    sourcePackageId: null,
    quantity: line.quantity,
    unitPrice: line.unitPrice,
    totalPrice: line.total,
    totalDiscount: line.discount,
    unitCost: line.unitCost,
    unitId: 1,
    unitWeight: null,
    unitWeightUnit: null,
    discounts: null,
    taxes: null,
    returnDate: stamp(line.returnDate, line.id),
    isReturned: line.isReturned,
    returnedByTransactionId: line.returnedBy,
    returnReason: line.isReturned ? "Customer changed their mind" : null,
    batchName: null,
    vendor: null,
    isCoupon: false,
  };
}
