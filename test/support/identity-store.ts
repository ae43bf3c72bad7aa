import { matchIndex } from "../../src/domain/identity/match.ts";
import { isNameless } from "../../src/domain/identity/meaning.ts";
import { planProvisional, planReplacements } from "../../src/domain/identity/provisional.ts";
import type { IdentityPlan } from "../../src/domain/identity/replace.ts";
import type { IncomingProduct, ProductHint } from "../../src/domain/records/mapping.ts";
import { hintKey } from "../../src/domain/records/mapping.ts";
import type { ProductRow } from "../../src/domain/records/records.ts";
import type { Read } from "../../src/domain/records/version.ts";
import { planProducts } from "../../src/domain/resolve/products.ts";
import { decideSku } from "../../src/domain/reviews/review.ts";

const ORIGIN = { cause: "poll", ref: null } as const;

/** Product identities in memory, as the Location applies them: products, the product of each package, and open questions. */
export class IdentityStore {
  readonly products = new Map<string, ProductRow>();
  /** Package → product. */
  readonly packages = new Map<string, string | null>();
  /** Open questions: Dutchie's product → candidates. */
  readonly asked = new Map<string, string>();
  readonly unclear: string[] = [];

  constructor(
    own: readonly ProductRow[],
    private readonly now: number,
  ) {
    for (const row of own) this.products.set(row.product_id, row);
  }

  tell(incoming: IncomingProduct[], read: Read): void {
    const free = [...this.products.values()].filter((row) => row.dutchie_product_id === null);
    const plan = planProducts({
      incoming,
      stored: this.known(),
      match: matchIndex(free.filter((row) => !isNameless(row))),
      read,
      floor: 0,
      now: this.now,
      origin: ORIGIN,
      keep: [],
    });
    planReplacements(free.filter(isNameless), plan.rows, plan, { now: this.now, origin: ORIGIN });
    this.write(plan, plan.rows);
  }

  stock(package_id: string, hint: ProductHint): void {
    const all = [...this.products.values()];
    const plan = planProvisional({
      hints: [hint],
      known: this.known(),
      alike: all,
      match: matchIndex(all.filter((row) => row.dutchie_product_id === null && !isNameless(row))),
      now: this.now,
      origin: ORIGIN,
    });
    this.write(plan, plan.rows);
    this.unclear.push(...plan.unclear.values());
    this.packages.set(package_id, plan.productIds.get(hintKey(hint)) ?? null);
  }

  private known(): Map<string, ProductRow> {
    return new Map(
      [...this.products.values()].flatMap((row) => (row.dutchie_product_id ? [[row.dutchie_product_id, row]] : [])),
    );
  }

  private write(plan: IdentityPlan, rows: readonly ProductRow[]): void {
    for (const id of plan.removed) this.products.delete(id);
    for (const row of [...plan.released, ...rows]) this.products.set(row.product_id, row);
    for (const { from, to } of plan.relinks)
      for (const [id, product] of this.packages) if (product === from) this.packages.set(id, to);
    for (const id of plan.clear) this.asked.delete(id);
    for (const { product, candidates } of plan.doubts)
      this.asked.set(product.product_id, candidates.map(({ product_id }) => product_id).join());
  }

  /** Everything that people see, except the times of writing. */
  state() {
    const settled = decideSku({
      sku: "S",
      products: [...this.products.values()].filter((row) => row.sku === "S"),
      rule: "auto",
      review: undefined,
      now: 0,
    });
    for (const row of settled.rows) this.products.set(row.product_id, row);
    const products = [...this.products.values()]
      .map(({ updated_at: _, content_hash: _h, source_at: _a, source_rank: _r, stated: _t, unsettled, ...row }) => ({
        ...row,
        unsettled: unsettled && { ...unsettled, stated: Object.keys(unsettled.stated).sort() },
      }))
      .sort((a, b) => (a.product_id < b.product_id ? -1 : 1));
    return {
      products,
      packages: Object.fromEntries([...this.packages].sort()),
      asked: Object.fromEntries([...this.asked].sort()),
      merges: settled.review?.candidates ?? [],
    };
  }
}
