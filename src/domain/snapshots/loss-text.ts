import { CHECK_AND_MARK, minuteOf } from "./absence-text.ts";
import type { MassChange, MassSubject } from "./losses.ts";

/** The text of the alert on many records that lost a value, or changed it beyond belief. */
export function lostText(subject: MassSubject, { lost, had, at }: MassChange): string {
  const { things, lose, now } = WORDS[subject];
  const when = subject === "sales.scale" ? ", as of" : " in the hour before";
  return `${lost} of ${had} ${things} ${lose}${when} ${minuteOf(at)} UTC: ${now}. ${CHECK_AND_MARK}`;
}

/** All records except `left` have their value again. */
export function backText(subject: MassSubject, notified: MassChange, left: number): string {
  const { things, again } = WORDS[subject];
  const rest =
    left === 0
      ? ""
      : ` ${left} of them ${left === 1 ? "does" : "do"} not: check ${left === 1 ? "it" : "them"} in Dutchie.`;
  return `The ${things} of the alert of ${minuteOf(notified.at)} UTC ${again} again.${rest}`;
}

const WORDS: Record<
  MassSubject,
  { things: "products" | "packages" | "latest sales"; lose: string; now: string; again: string }
> = {
  "products.unit_price": {
    things: "products",
    lose: "lost their price",
    now: "the price is 0 or missing now",
    again: "have a price",
  },
  "products.unit_cost": {
    things: "products",
    lose: "lost their cost",
    now: "the cost is 0 or missing now",
    again: "have a cost",
  },
  "products.sku": {
    things: "products",
    lose: "lost their SKU",
    now: "the SKU is missing now, or is a word such as N/A that identifies nothing",
    again: "have a SKU",
  },
  "products.product_name": {
    things: "products",
    lose: "lost their name",
    now: "the name is missing now, and the SKU stands in its place",
    again: "have a name",
  },
  "products.brand": {
    things: "products",
    lose: "lost their brand",
    now: "the brand is missing now",
    again: "have a brand",
  },
  "products.category": {
    things: "products",
    lose: "lost their category",
    now: "the category is missing now",
    again: "have a category",
  },
  "products.potency": {
    things: "products",
    lose: "lost their THC and CBD",
    now: "both are 0 or missing now",
    again: "have a potency",
  },
  "products.status": {
    things: "products",
    lose: "became inactive",
    now: "Dutchie does not offer them for sale now",
    again: "are active",
  },
  "inventory.quantity": {
    things: "packages",
    lose: "fell to quantity 0 or below",
    now: "Dutchie lists them with nothing left, or less, now",
    again: "have stock",
  },
  "inventory.unit_cost": {
    things: "packages",
    lose: "lost their cost",
    now: "the cost is 0 or missing now",
    again: "have a cost",
  },
  "inventory.unit_price": {
    things: "packages",
    lose: "lost their price",
    now: "the price is 0 or missing now",
    again: "have a price",
  },
  "products.unit_price.scale": {
    things: "products",
    lose: "changed their price 8-fold or more",
    now: "Dutchie may write prices in another unit now, such as cents",
    again: "have about their earlier price",
  },
  "products.unit_cost.scale": {
    things: "products",
    lose: "changed their cost 8-fold or more",
    now: "Dutchie may write costs in another unit now, such as cents",
    again: "have about their earlier cost",
  },
  "products.exchange": {
    things: "products",
    lose: "have their price as their cost, and their cost as their price,",
    now: "Dutchie may fill the two in the wrong way round now",
    again: "have their price and their cost in the right place",
  },
  "products.potency.scale": {
    things: "products",
    lose: "changed their THC or CBD 8-fold or more, or lost one of them",
    now: "Dutchie may write potencies in another unit now, such as mg/g for percent",
    again: "have about their earlier potency",
  },
  "products.product_name.other": {
    things: "products",
    lose: "have another name",
    now: "names may stand in the wrong rows of Dutchie's catalogue now, each beside the price and stock of another product",
    again: "have their earlier name",
  },
  "products.sku.other": {
    things: "products",
    lose: "have the SKU of another product",
    now: "SKUs may stand in the wrong rows of Dutchie's catalogue now, and a scan may find the wrong product",
    again: "have their earlier SKU",
  },
  "products.category.other": {
    things: "products",
    lose: "are in another category",
    now: "the menu shows them there now",
    again: "are in their earlier category",
  },
  "inventory.quantity.scale": {
    things: "packages",
    lose: "changed their quantity 20-fold or more",
    now: "Dutchie may count in another unit now, such as milligrams",
    again: "have about their earlier quantity",
  },
  "inventory.unit_cost.scale": {
    things: "packages",
    lose: "changed their cost 8-fold or more",
    now: "Dutchie may write costs in another unit now, such as cents",
    again: "have about their earlier cost",
  },
  "inventory.unit_price.scale": {
    things: "packages",
    lose: "changed their price 8-fold or more",
    now: "Dutchie may write prices in another unit now, such as cents",
    again: "have about their earlier price",
  },
  "inventory.exchange": {
    things: "packages",
    lose: "have their price as their cost, and their cost as their price,",
    now: "Dutchie may fill the two in the wrong way round now",
    again: "have their price and their cost in the right place",
  },
  "inventory.quarantine": {
    things: "packages",
    lose: "moved into quarantine or out of it",
    now: "what is in quarantine is not for sale now, and what is not may be sold",
    again: "are where they were",
  },
  "inventory.room_type": {
    things: "packages",
    lose: "moved to another kind of room",
    now: "ReUp shows them there now, such as in the vault instead of on the sales floor",
    again: "are where they were",
  },
  "inventory.product": {
    things: "packages",
    lose: "moved to another product",
    now: "each product has the stock of these packages now",
    again: "belong to their earlier product",
  },
  "sales.scale": {
    things: "latest sales",
    lose: "differ 8-fold or more from the prices of their products",
    now: "Dutchie may write sales or prices in another unit, such as cents, and ReUp's figures count them so",
    again: "fit the prices of their products",
  },
};
