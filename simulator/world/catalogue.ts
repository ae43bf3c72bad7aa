import { cents, type Random } from "../random.ts";
import { cbdLabel, thcLabel } from "./labels.ts";
import { BRANDS, FLAVOURS, LINES, type Line, STRAINS } from "./names.ts";
import { unitGrams } from "./potency.ts";
import type { Product } from "./records.ts";

const DAY = 86_400_000;

/** Makes plausible products. Brand and name together never repeat: ReUp would rightly merge such products. */
export class Catalogue {
  readonly #random: Random;
  readonly #used = new Set<string>();
  #nextId = 1_000_001;

  constructor(random: Random) {
    this.#random = random;
  }

  product(now: number, modified: number | null, random = this.#random): Product {
    const id = this.#nextId;
    this.#nextId += random.int(1, 3);
    const line = random.weighted(LINES.map((each) => [each, each.share] as const));
    const cannabis = line.kind !== "accessory";
    const [strain, strainType] = cannabis ? random.pick(STRAINS) : [null, null];
    const brand = random.chance(0.02) ? null : random.pick(BRANDS);
    const [netWeight, netWeightUnit] = random.pick(line.weights);
    const price = random.chance(0.01) ? null : priceOf(line, netWeight, netWeightUnit, random);
    // The strain of an edible is often missing.
    const hasStrain = cannabis && (line.kind === "flower" || line.kind === "inhaled" || random.chance(0.5));
    return {
      id,
      sku: random.chance(0.01) ? null : skuOf(line, id, random),
      upc: random.chance(0.25) ? null : upcOf(id),
      name: this.#name({ line, strain, brand, netWeight, netWeightUnit }, random),
      brand: brand !== null && random.chance(0.03) ? `${brand} ` : brand,
      masterCategory: line.master,
      category: random.chance(0.01) ? null : random.pick(line.categories),
      strain: hasStrain ? strain : null,
      strainType: hasStrain ? strainType : null,
      isCannabis: cannabis,
      price,
      // Every fifth product is cheaper for patients.
      medPrice: id % 5 === 0 && price !== null ? cents(price * 0.9) : price,
      recPrice: price,
      unitCost: random.chance(0.03) ? null : dirty(cents((price ?? 20) * random.decimal(0.35, 0.6, 2)), random),
      netWeight,
      netWeightUnit,
      thc: thcLabel(random, line.kind),
      cbd: cbdLabel(random, line.kind, strainType),
      isActive: !random.chance(0.08),
      written: null,
      created: now - random.int(70, 900) * DAY,
      modified,
    };
  }

  /** A second product under the same SKU: the same product typed twice, or a different one. */
  twin(original: Product, agree: boolean, now: number): Product {
    const random = this.#random;
    const other = this.product(now, original.modified, random);
    if (!agree) return { ...other, sku: original.sku, isActive: true };
    return {
      ...original,
      id: other.id,
      upc: other.upc,
      name: random.chance(0.5) ? original.name.toUpperCase() : `${original.name} `,
      brand: original.brand === null ? null : `${original.brand.trim().toLowerCase()} `,
      category: drifted(original.category),
      isActive: true,
    };
  }

  /** A name for an existing product that no other product has. */
  rename(product: Product, random: Random): string {
    const base = product.name.trim().replace(/ \(.*\)$/, "");
    return this.#claim(product.brand, `${base} (${random.pick(["New", "Limited", "Staff Pick", "Small Batch"])})`);
  }

  #name({ line, strain, brand, netWeight: weight, netWeightUnit: unit }: NameParts, random: Random): string {
    const what = line.kind === "edible" ? random.pick(FLAVOURS) : line.kind === "accessory" ? "" : (strain ?? "");
    const size = weight === null || unit === null || unit === "each" ? "" : ` ${weight}${unit}`;
    const name = this.#claim(brand, `${what} ${random.pick(line.forms)}${size}`.trim());
    return random.chance(0.02) ? `${name} ` : name;
  }

  #claim(brand: string | null, name: string): string {
    for (let n = 1; ; n++) {
      const candidate = n === 1 ? name : `${name} #${n}`;
      const key = `${brand?.trim() ?? ""}|${candidate}`.toLowerCase();
      if (this.#used.has(key)) continue;
      this.#used.add(key);
      return candidate;
    }
  }
}

/** What a product's name is made of. */
interface NameParts extends Pick<Product, "strain" | "brand" | "netWeight" | "netWeightUnit"> {
  line: Line;
}

/** A cost with the rounding error that adding and dividing cents can leave. */
export function dirty(amount: number, random: Random): number {
  return random.chance(0.1) ? amount + 1e-12 * random.int(1, 9) : amount;
}

/** Flower is priced by weight, cheaper in bulk; everything else within the range of its kind. */
function priceOf(line: Line, netWeight: number | null, unit: string | null, random: Random): number {
  const grams = line.master === "Flower" ? unitGrams(netWeight, unit) : null;
  const about =
    grams === null ? random.decimal(line.price[0], line.price[1], 0) : grams ** 0.8 * random.decimal(7, 14, 1);
  return cents(Math.max(1, Math.round(about)) - 0.01);
}

function skuOf(line: Line, id: number, random: Random): string {
  const sku = `${line.master.slice(0, 2).toUpperCase()}-${String(id).slice(1)}`;
  return random.chance(0.01) ? `${sku} ` : sku;
}

function upcOf(id: number): string {
  return `85${String(id * 7919)
    .padStart(10, "0")
    .slice(-10)}`;
}

function drifted(category: string | null): string | null {
  if (category === null) return null;
  const plain = category.trim();
  return /s$/i.test(plain) ? plain.slice(0, -1) : `${plain}s `;
}
