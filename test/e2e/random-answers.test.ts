import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Answers, type Row, randomAnswers, rowsIn, serveAnswers } from "./random-answers-server.ts";
import { type RunView, Stage, until } from "./support.ts";

const SIZE = 1_500;
const HISTORY_DAYS = 14;

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(() => stage.close());

describe("random but valid answers, nulls wherever they are allowed", () => {
  it.each([1, 20_260, 777_777])(
    "seed %i: random answers are imported whole, and a second read changes nothing",
    async (seed) => {
      const answers = randomAnswers({ seed, size: SIZE, history_days: HISTORY_DAYS, now: Date.now() });
      const server = await serveAnswers(answers);
      try {
        const base = await connect(server.url);
        const initial = await sync(base, "initial");
        expect(initial).toMatchObject({ state: "completed", failed: 0, failures: [], error: null });
        expect(initial.verification?.accuracy).toBe(1);
        expect(processed(initial)).toMatchObject({ rooms: answers.rooms.length, products: SIZE, sales: SIZE });
        expect(await differences(base, answers)).toEqual([]);

        const second = await sync(base, "full");
        expect(second).toMatchObject({ state: "completed", created: 0, updated: 0, deleted: 0, failed: 0 });
      } finally {
        await server.close();
      }
    },
  );
});

/** The path of the store's resources. */
async function connect(endpoint: string): Promise<string> {
  const { location } = await stage.api.call<{ location: { location_id: string } }>("POST", "/v1/locations", {
    name: "Random",
    time_zone: "America/Denver",
    dutchie: { endpoint, api_key: "any-key-will-do" },
    settings: { sales_history_days: HISTORY_DAYS },
  });
  return `/v1/locations/${location.location_id}`;
}

async function sync(base: string, mode: string): Promise<RunView> {
  const { run_id } = await stage.api.call<RunView>("POST", `${base}/syncs`, { mode });
  return until(
    () => stage.api.get<RunView>(`${base}/syncs/${run_id}`),
    (run) => run.error !== null || !["queued", "running", "waiting"].includes(run.state),
  );
}

const processed = (run: RunView) => Object.fromEntries(run.phases.map((phase) => [phase.resource, phase.processed]));

/** What ReUp has and the server did not state, and what the server stated and ReUp does not have. */
async function differences(base: string, answers: Answers): Promise<string[]> {
  const [products, inventory, sales] = await Promise.all(
    ["/products?include_merged=true", "/inventory", "/sales"].map((path) => stage.api.all<Row>(base + path)),
  );
  const lines = answers.transactions.flatMap((sale) => rowsIn(sale.items));
  const catalogue = ids(answers.products, "productId");
  const sold = ids(lines, "productId");
  const provisional = (products ?? []).filter((product) => product.status === "provisional");
  const known = (products ?? []).filter((product) => product.status !== "provisional");
  return [
    ...unequal("product", catalogue, ids(known, "dutchie_product_id")),
    ...[...ids(provisional, "dutchie_product_id")]
      .filter((id) => !sold.has(id))
      .map((id) => `the server stated no product ${id}`),
    ...unequal("package", ids(answers.inventory, "inventoryId"), ids(inventory ?? [], "dutchie_inventory_id")),
    ...unequal("sale", ids(answers.transactions, "transactionId"), ids(sales ?? [], "dutchie_transaction_id")),
    ...wrongQuantities(answers.inventory, inventory ?? []),
    ...wrongItemCounts(answers.transactions, sales ?? []),
  ];
}

const ids = (rows: readonly Row[], name: string) => new Set(rows.map((row) => String(row[name])));

const unequal = (what: string, served: ReadonlySet<string>, stored: ReadonlySet<string>): string[] => [
  ...[...served].filter((id) => !stored.has(id)).map((id) => `${what} ${id} is missing`),
  ...[...stored].filter((id) => !served.has(id)).map((id) => `${what} ${id} was not served`),
];

/** A package's quantity is the sum of its rooms, each kept to four decimals; without rooms the package's own. */
function wrongQuantities(served: readonly Row[], stored: readonly Row[]): string[] {
  const found = new Map<string, number>();
  for (const row of stored) {
    const id = String(row.dutchie_inventory_id);
    found.set(id, (found.get(id) ?? 0) + Number(row.quantity));
  }
  return served.flatMap((row) => {
    const rooms = rowsIn(row.roomQuantities);
    const stated = (rooms.length === 0 ? [row] : rooms).map((part) => Number(part.quantityAvailable));
    const expected = stated.reduce((sum, quantity) => sum + quantity, 0);
    const size = stated.reduce((sum, quantity) => sum + Math.abs(quantity), 0);
    const actual = found.get(String(row.inventoryId)) ?? Number.NaN;
    const isEqual = Math.abs(actual - expected) <= 0.0001 * stated.length + size * 1e-14;
    return isEqual ? [] : [`package ${row.inventoryId}: served ${expected}, kept ${actual}`];
  });
}

function wrongItemCounts(served: readonly Row[], stored: readonly Row[]): string[] {
  const found = new Map(stored.map((sale) => [sale.dutchie_transaction_id, sale.item_count]));
  return served.flatMap((sale) => {
    const [expected, actual] = [rowsIn(sale.items).length, found.get(String(sale.transactionId))];
    return expected === actual ? [] : [`sale ${sale.transactionId}: ${expected} lines served, ${actual} kept`];
  });
}
