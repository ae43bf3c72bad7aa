import { type Api, CallError } from "../../scripts/support/api.ts";
import type { Verdict } from "../../simulator/oracle/verdict.ts";
import type { Random } from "../../simulator/random.ts";

type Row = Record<string, unknown>;

/** Products of ReUp's own, and what a person decided about each: to which of Dutchie's it is linked, and to which it is not. */
export class OwnProducts {
  readonly #linked = new Map<string, { to: string | null; not: Set<string> }>();

  constructor(
    private readonly api: Api,
    /** Of the store. */
    private readonly path: (path: string) => string,
    private readonly random: Random,
    private readonly verdict: Verdict,
  ) {}

  /** Some look like one of Dutchie's, though nobody has said that they are one. */
  async create(count: number, dutchies: readonly { name: string; brand: string | null }[]): Promise<void> {
    for (let each = 1; each <= count; each++) {
      const twin = this.random.chance(0.5) ? this.random.pick(dutchies) : null;
      const given = {
        product_name: twin?.name ?? `Own ${each}`,
        ...(twin?.brand == null ? {} : { brand: twin.brand }),
      };
      const { product_id } = await this.api.call<{ product_id: string }>("POST", this.path("/products"), given);
      this.#linked.set(product_id, { to: null, not: new Set() });
      this.verdict.own(product_id, given);
    }
  }

  /** A person links one of them, or says that it is none. ReUp may refuse. Returns what was done. */
  async decide(dutchie_ids: readonly string[]): Promise<string | undefined> {
    if (this.#linked.size === 0 || dutchie_ids.length === 0) return undefined;
    const [product_id, known] = this.random.pick([...this.#linked]);
    const wish = known.to !== null && this.random.chance(0.6) ? null : this.random.pick(dutchie_ids);
    const done = `link ${product_id} to ${wish}`;
    try {
      await this.api.call("PUT", this.path(`/products/${product_id}/link`), { dutchie_product_id: wish });
    } catch (error) {
      if (!(error instanceof CallError) || ![400, 404, 409].includes(error.status)) throw error;
      return `${done} refused: ${error.status}`;
    }
    if (wish !== null) known.not.delete(wish);
    else if (known.to !== null) known.not.add(known.to);
    known.to = wish;
    return done;
  }

  /** The product that is linked to this one of Dutchie's. */
  linkedTo(dutchie_id: number): string | undefined {
    return [...this.#linked].find(([, { to }]) => to === String(dutchie_id))?.[0];
  }

  /** Decisions that something has undone. */
  check(shown: readonly Row[]): string[] {
    const byId = new Map(shown.map((row) => [row.product_id, row]));
    return [...this.#linked].flatMap(([product_id, { to, not }]) => {
      const row = byId.get(product_id);
      if (row === undefined) return [`${product_id}, a product of ReUp's own, is gone`];
      const is = row.dutchie_product_id;
      const isKept = to === null ? typeof is !== "string" || !not.has(is) : is === to;
      return isKept ? [] : [`${product_id} is linked to ${is}, a person linked it to ${to}`];
    });
  }
}
