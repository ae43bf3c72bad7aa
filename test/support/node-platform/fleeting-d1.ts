import { D1 } from "./d1.ts";

/** D1 that does not answer while it is in `away`. */
export const fleetingD1 = (away: ReadonlySet<unknown>): typeof D1 =>
  class extends D1 {
    override async ask(statement: Parameters<D1["ask"]>[0]) {
      this.#expectThere();
      return super.ask(statement);
    }

    override async batch(statements: Parameters<D1["batch"]>[0]) {
      this.#expectThere();
      return super.batch(statements);
    }

    #expectThere(): void {
      if (away.has(this)) throw new Error("D1_ERROR: D1 DB is overloaded. Requests queued for too long.");
    }
  };
