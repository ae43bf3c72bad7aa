import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { developmentToken } from "../../scripts/support/development-token.ts";
import type { Product } from "../../simulator/world/records.ts";
import { Stage, type Store, until } from "../e2e/support.ts";
import { inspect, openBrowser, openPage } from "./support.ts";

// A store that syncs both ways, from the switch to the conflict. Each test continues where the previous one ended.

let stage: Stage;
let store: Store;
let browser: Browser;
let page: Page;
let complaints: string[];
/** The product that is edited: it has a unique name, a price, a SKU and stock. */
let product: Product;

beforeAll(async () => {
  [stage, browser] = await Promise.all([Stage.open(), openBrowser()]);
  store = await stage.connect({ seed: 41, profiles: ["pos"] });
  await store.sync("initial");
  store.sendWebhooks();
  const { world } = store.dutchie;
  const stocked = new Set([...world.packages.values()].map(({ productId }) => productId));
  const fits = [...world.products.values()].find(
    ({ id, price, sku, brand }) =>
      price !== null && sku !== null && brand !== null && stocked.has(id) && !world.paired.has(id),
  );
  if (fits === undefined) throw new Error("The store has no such product.");
  product = fits;
  ({ page, complaints } = await openPage(browser));
  const token = await developmentToken({ retailer_id: "e2e", role: "admin" });
  await page.goto(`${stage.api.url}/#token=${token}`);
  await page.getByRole("link", { name: "Store", exact: true }).click();
});

afterAll(async () => {
  await browser?.close();
  await stage?.close();
});

const button = (name: string) => page.getByRole("button", { name, exact: true });
const form = () => page.getByRole("region", { name: "Edit the product" });
const inDutchie = () => store.dutchie.product(product.id) ?? {};

async function open(tab: string): Promise<void> {
  await page.getByRole("tab", { name: tab }).click();
  await page.getByRole("heading", { level: 1, name: tab }).waitFor();
}

async function openProduct(): Promise<void> {
  await open("Records");
  await page.getByLabel("Search").fill(product.sku ?? "");
  await button(product.name.trim()).click();
  await page.getByRole("heading", { name: "Why is this so?" }).waitFor();
}

/** Edits one field of the product whose details are open. */
async function edit(label: string, value: string): Promise<void> {
  await button("Edit").click();
  await form().getByLabel(label).fill(value);
  await button("Save").click();
  await page.getByRole("status").filter({ hasText: "Saved" }).waitFor();
}

it("a one-way store edits only ReUp's own notes, and shows the reason beside the other fields", async () => {
  await openProduct();
  await button("Edit").click();
  await form()
    .getByText(/Name, Brand, .*Price, Cost: .*change it in Dutchie, or switch the store/)
    .waitFor();
  expect(await form().getByRole("textbox").count()).toBe(1);
  expect(await inspect(page, "edit-one-way")).toEqual([]);
  await form().getByLabel("Notes").fill("Ask Ann");
  await button("Save").click();
  await page.getByRole("row", { name: "Notes Ask Ann", exact: true }).waitFor();
  await button("Close").click();
});

it("the store is switched to both ways, after a text that says what this means", async () => {
  await open("Settings");
  const section = page.getByRole("region", { name: "Direction" });
  await section.getByRole("combobox", { name: "Direction" }).click();
  await page.getByRole("option", { name: /^Bidirectional/ }).click();
  await section.getByText("ReUp will write to Dutchie").waitFor();
  expect(await inspect(page, "direction")).toEqual([]);
  await button("Save direction").click();
  await section.getByText("Saved").waitFor();
});

it("an edited price is sent to Dutchie, shown when it comes back, and leaves the quantity as it is", async () => {
  await openProduct();
  const quantity = await page.getByRole("heading", { name: /^Quantity/ }).textContent();
  const before = inDutchie();
  store.dutchie.setFaults([{ kind: "slow", path: "/products/location-overrides", ms: 1_500 }]);
  await button("Edit").click();
  await form().getByLabel("Price ($)").waitFor();
  expect(await inspect(page, "edit")).toEqual([]);
  await form().getByLabel("Price ($)").fill("47.11");
  await button("Save").click();
  const pending = page.getByRole("status").filter({ hasText: "On its way to Dutchie" });
  await pending.getByText(`Price: $47.11; Dutchie still says $${product.price?.toFixed(2)}`).waitFor();
  await until(
    async () => inDutchie().price,
    (price) => price === 47.11,
  );
  await pending.waitFor({ state: "detached" });
  await page.getByRole("row", { name: "Price $47.11", exact: true }).waitFor();
  expect(await page.getByRole("heading", { name: /^Quantity/ }).textContent()).toBe(quantity);
  const { lastModifiedDateUTC: _, price: __, recPrice: ___, medPrice: ____, ...rest } = inDutchie();
  expect(before).toMatchObject(rest);

  const deliveries = await until(
    () => store.get<{ data: { type: string; outcome: string }[] }>("/events"),
    ({ data }) => data.length > 0 && data.every(({ outcome }) => outcome !== "pending"),
  );
  expect(deliveries.data).toMatchObject([{ type: "product.updated" }]);
  expect(await store.differences()).toEqual([]);
  await button("Close").click();
});

it("a product of ReUp's own can be added, and all its fields can be edited", async () => {
  await open("Records");
  await button("Add a product").click();
  await page.getByRole("textbox", { name: "Name" }).fill("Gift wrapping");
  await page.getByRole("textbox", { name: "SKU" }).fill(product.sku ?? "");
  expect(await inspect(page, "add-product")).toEqual([]);
  await button("Add").click();
  await page.getByText(/Another product has the SKU/).waitFor();
  await page.getByRole("textbox", { name: "SKU" }).fill("GIFT-1");
  await button("Add").click();
  await page.getByRole("cell", { name: "none (ReUp's own product)" }).waitFor();
  await edit("Price ($)", "2.5");
  await page.getByRole("row", { name: "Price $2.50", exact: true }).waitFor();
  await button("Close").click();
  expect(complaints).toEqual([]);
});
