import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { developmentToken } from "../../scripts/support/development-token.ts";
import { Stage, type Store, until } from "../e2e/support.ts";
import { inspect, openBrowser, openPage } from "./support.ts";

// What a person does when something went wrong, and how they leave. Each test continues where the previous one ended.

let stage: Stage;
let store: Store;
let browser: Browser;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  [stage, browser] = await Promise.all([Stage.open(), openBrowser()]);
  store = await stage.connect({ seed: 31, profiles: ["pos"] });
  await store.sync("initial");
  ({ page, complaints } = await openPage(browser));
  const token = await developmentToken({ retailer_id: "e2e", role: "admin" });
  await page.goto(`${stage.api.url}/#token=${token}`);
});

afterAll(async () => {
  await browser?.close();
  await stage?.close();
});

const heading = (name: string) => page.getByRole("heading", { level: 1, name });
const button = (name: string) => page.getByRole("button", { name, exact: true });
const dialog = () => page.getByRole("dialog");

/** Confirms the dialog. */
async function confirm(label: string, question: string): Promise<void> {
  await button(label).click();
  await dialog().getByText(question).waitFor();
  await dialog().getByRole("button", { name: label, exact: true }).click();
}

it("a verification finds drift, shows it, and heals it", async () => {
  const [product] = [...store.dutchie.world.products.values()];
  if (product === undefined) throw new Error("The store is empty.");
  // ReUp's value is wrong and not in flight, because Dutchie changed nothing.
  await stage.query(
    "RECORDS_00",
    `update products set unit_price = 4711.25
    where location_id = '${store.id}' and dutchie_product_id = '${product.id}' returning 1`,
  );
  await page.getByRole("tab", { name: "Sync Status" }).click();
  await heading("Sync Status").waitFor();
  await button("Verify").click();
  await button("Show 1 difference").click();
  const differences = page.getByRole("table", { name: "Examples of differences" });
  await differences.getByRole("cell", { name: "4,711.25" }).waitFor();
  await differences.getByRole("cell", { name: String(product.id) }).waitFor();
  expect(await inspect(page, "drift")).toEqual([]);
  expect(await store.differences()).toHaveLength(1);
  await confirm("Heal", "Heal the differences?");
  await page.getByText("Healed: 1 difference").waitFor();
  expect(await store.differences()).toEqual([]);
});

it("no page had an error", () => {
  expect(complaints).toEqual([]);
});
