import { readFile } from "node:fs/promises";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { developmentToken } from "../../scripts/support/development-token.ts";
import type { Product as DutchieProduct } from "../../simulator/world/records.ts";
import { Stage, type Store, until } from "../e2e/support.ts";
import { closeBrowser, inspect, openBrowser, openPage, stopAnswering } from "./support.ts";

// What a store has and sells, and one product. Each test continues where the previous one ended.

let stage: Stage;
let store: Store;
let browser: Browser;
let page: Page;
let complaints: string[];
let token: string;

interface Product {
  product_id: string;
  dutchie_product_id: string | null;
  product_name: string;
  brand: string | null;
  sku: string | null;
  quantity: number;
  unit_price: number | null;
}

beforeAll(async () => {
  [stage, browser] = await Promise.all([Stage.open(), openBrowser()]);
  // Products with the same SKU are merged without asking, so that a merge can be undone.
  store = await stage.connect({ seed: 41, size: 180, profiles: ["pos"], settings: { duplicate_sku: "merge" } });
  await store.sync("initial");
  store.sendWebhooks();
  ({ page, complaints } = await openPage(browser));
  page.setDefaultTimeout(20_000);
  token = await developmentToken({ retailer_id: "e2e", role: "admin" });
});

afterAll(async () => {
  await closeBrowser(browser);
  await stage?.close();
});

const heading = (name: string) => page.getByRole("heading", { level: 1, name, exact: true });
const button = (name: string) => page.getByRole("button", { name, exact: true });
const link = (name: string) => page.getByRole("link", { name, exact: true });
const region = (name: string) => page.getByRole("region", { name, exact: true });
const panel = () => page.getByRole("dialog");
const rows = () => page.locator("tbody tr");
const found = () =>
  page
    .getByRole("main")
    .getByRole("status")
    .filter({ hasText: /^[\d,]+ (product|package|sale)s?$/ });
const scrolled = () => page.evaluate<number>("scrollY");
const total = async (path: string) =>
  (await store.get<{ pagination: { total: number } }>(`${path}${path.includes("?") ? "&" : "?"}page=1&limit=1`))
    .pagination.total;

async function open(path: string): Promise<void> {
  // An address that differs in its fragment alone does not load the page again.
  await page.goto("about:blank");
  await page.goto(`${stage.api.url}/stores/${store.id}${path}#token=${token}`);
  await page.getByRole("heading", { level: 1 }).waitFor();
}

async function openProduct({ product_id, product_name }: Product): Promise<void> {
  await open(`/products/${product_id}`);
  await heading(product_name).waitFor();
}

/** ReUp's product of a product of Dutchie's. */
async function productOf(dutchie_id: number): Promise<Product> {
  const { data } = await store.get<{ data: Product[] }>(`/products?limit=10&search=${dutchie_id}`);
  const product = data.find(({ dutchie_product_id }) => dutchie_product_id === String(dutchie_id));
  if (product === undefined) throw new Error(`ReUp has no product ${dutchie_id}.`);
  return product;
}

/** A product with a price, a SKU of its own, and one package in one room. */
function plainProduct(): { product: DutchieProduct; package_id: number } {
  const { world } = store.dutchie;
  for (const product of world.products.values()) {
    const packages = [...world.packages.values()].filter(({ productId }) => productId === product.id);
    const [only] = packages;
    const isPlain = product.price !== null && product.sku !== null && product.brand !== null;
    if (isPlain && !world.paired.has(product.id) && packages.length === 1 && only?.rooms.length === 1)
      return { product, package_id: only.id };
  }
  throw new Error("The store has no plain product.");
}

it("products are shown page by page, by number; a page opens at its top, and Back leads to the one before", async () => {
  const products = await total("/products");
  const pages = Math.ceil(products / 50);
  await open("/inventory/products");
  await heading("Inventory: Products").waitFor();
  await page.getByText(`Page 1 of ${pages}`, { exact: true }).waitFor();
  expect(await found().textContent()).toBe(`${products} products`);
  expect(await rows().count()).toBe(50);
  const first = await rows().first().getByRole("link").textContent();
  expect(await inspect(page, "inventory-products")).toEqual([]);
  await page.evaluate("scrollTo(0, document.body.scrollHeight)");
  await button("Next page").click();
  await page.getByText(`Page 2 of ${pages}`, { exact: true }).waitFor();
  expect(await scrolled()).toBe(0);
  await expect.poll(() => page.url()).toContain("page=2");
  expect(await rows().first().getByRole("link").textContent()).not.toBe(first);
  await button(`Page ${pages}`).click();
  await page.getByText(`Page ${pages} of ${pages}`, { exact: true }).waitFor();
  expect(await button("Next page").isDisabled()).toBe(true);
  await page.goBack();
  await page.getByText(`Page 2 of ${pages}`, { exact: true }).waitFor();
});

it("a page beyond the end leads back to the last that has something", async () => {
  const pages = Math.ceil((await total("/products")) / 50);
  await open("/inventory/products?page=40");
  await page.getByText("Nothing is on this page any more. Go to the page before.").waitFor();
  await page.getByText("Page 40", { exact: true }).waitFor();
  expect(await button("Next page").isDisabled()).toBe(true);
  await button("Previous page").click();
  await page.getByText(`Page ${pages} of ${pages}`, { exact: true }).waitFor();
  // One page is the whole: there is nowhere to go.
  await open("/inventory/products?q=no-such-product");
  await page.getByText("No products fit").waitFor();
  expect(await page.getByRole("navigation", { name: "Pages", exact: true }).count()).toBe(0);
});

it("a search finds words in any order, filters are chips, and a reload keeps them", async () => {
  const { product } = plainProduct();
  const words = `${product.sku} ${product.brand?.split(" ")[0]}`;
  await page.getByRole("searchbox", { name: "Search" }).fill(words);
  await until(
    () => rows().count(),
    (n) => n >= 1 && n < 5,
  );
  await link(product.name.trim()).waitFor();
  await expect.poll(() => page.url()).not.toContain("page=");
  await page.reload();
  await link(product.name.trim()).waitFor();
  await button(`Remove filter: Search: ${words}`).click();
  await until(
    () => rows().count(),
    (n) => n === 50,
  );
  const category = page.getByLabel("Category");
  const option = (await category.locator("option").nth(1).textContent()) ?? "";
  const [, name = "", n = ""] = /^(.*) \(([\d,]+)\)$/.exec(option) ?? [];
  await category.selectOption({ label: option });
  await button(`Remove filter: Category: ${name}`).waitFor();
  await until(
    () => found().textContent(),
    (text) => text === `${n} product${n === "1" ? "" : "s"}`,
  );
  await button("Low stock").click();
  await button("Remove all filters").waitFor();
  await expect.poll(() => page.url()).toMatch(/category=\w+&low=true/);
  expect(await inspect(page, "inventory-filtered")).toEqual([]);
  await page.goBack();
  await button("Remove filter: Low stock").waitFor({ state: "detached" });
  await page.getByRole("searchbox", { name: "Search" }).fill("no such product");
  await page.getByText("No products fit the filters").waitFor();
  await button("Show all products").click();
  await until(
    () => rows().count(),
    (n) => n === 50,
  );
});

it("a column sorts the whole list, not the page, and the address keeps it", async () => {
  const { data } = await store.get<{ data: Product[] }>("/products?limit=1&page=1&sort=-quantity");
  const most = data[0]?.quantity.toLocaleString("en-US") ?? "";
  await button("On hand").click();
  await button("On hand").click();
  await page.locator("th[aria-sort=descending]").waitFor();
  await until(
    () => rows().first().textContent(),
    (text) => text?.includes(most) === true,
  );
  await expect.poll(() => page.url()).toContain("sort=-quantity");
  await page.reload();
  await page.locator("th[aria-sort=descending]").waitFor();
  await button("On hand").click();
  await page.locator("th[aria-sort=descending]").waitFor({ state: "detached" });
});

it("the list is saved as a file with its filters", async () => {
  await page.getByLabel("Room").selectOption("vault");
  await button("Remove filter: Room: Vault").waitFor();
  const products = await total("/products?room_type=vault");
  const [file] = await Promise.all([page.waitForEvent("download"), button("Download CSV").click()]);
  expect(file.suggestedFilename()).toBe("products.csv");
  const text = await readFile(await file.path(), "utf8");
  // Excel reads a file without this mark in the system's own code: "Élan" would be "Ã‰lan".
  expect(text.startsWith('\ufeff"product_id"')).toBe(true);
  const lines = text.trim().split("\r\n");
  expect(lines).toHaveLength(1 + products);
  // What is no file of ReUp's, or only its beginning, is not saved as one.
  let saved = 0;
  page.on("download", () => saved++);
  await page.route(/\/products\?room_type=vault$/, (route) =>
    route.fulfill({ body: "<p>Welcome", contentType: "text/html" }),
  );
  await button("Download CSV").click();
  await page.getByText("Something between ReUp and this page changed the answer").waitFor();
  await stopAnswering(page);
  await page.evaluate("Response.prototype.blob = () => Promise.reject(new TypeError('network error'))");
  await button("Download CSV").click();
  await page.getByText("It broke off before its end, so it was not saved").waitFor();
  expect(saved).toBe(0);
});

it("packages are found by their tag, and lead to their product, with the keyboard alone", async () => {
  await link("Packages").click();
  await heading("Inventory: Packages").waitFor();
  await rows().first().waitFor();
  expect(await inspect(page, "inventory-packages")).toEqual([]);
  const { product, package_id } = plainProduct();
  const tag = store.dutchie.world.packages.get(package_id)?.packageId ?? String(package_id);
  await page.getByRole("searchbox", { name: "Search" }).focus();
  await page.keyboard.type(tag);
  await until(
    () => rows().count(),
    (n) => n === 1,
  );
  await link(product.name.trim()).focus();
  await page.keyboard.press("Enter");
  await heading(product.name.trim()).waitFor();
  await page.goBack();
  await heading("Inventory: Packages").waitFor();
  expect(await page.getByRole("searchbox", { name: "Search" }).inputValue()).toBe(tag);
});

it("a sale opens beside the list with an address of its own, and Back closes it", async () => {
  await link("Sales").click();
  await heading("Inventory: Sales").waitFor();
  await rows().first().waitFor();
  expect(await inspect(page, "inventory-sales")).toEqual([]);
  const sale = rows().first().getByRole("link");
  const name = (await sale.textContent()) ?? "";
  expect(name).toMatch(/^Sale #\d+$/);
  await sale.click();
  await panel().getByRole("heading", { name }).waitFor();
  await panel().getByRole("table", { name: "Items" }).waitFor();
  await expect.poll(() => page.url()).toContain("sale=");
  expect(await inspect(page, "sale")).toEqual([]);
  await page.goBack();
  await panel().waitFor({ state: "detached" });
});

it("“Until” before “From” is refused where it was entered, and nothing is asked", async () => {
  await page.getByLabel("From", { exact: true }).fill("2026-11-20");
  await page.getByLabel("Until", { exact: true }).fill("2026-11-19");
  await page.getByText("“Until” is before “From”. Choose a later day.").waitFor();
  expect(await page.getByLabel("Until", { exact: true }).getAttribute("aria-invalid")).toBe("true");
  expect(await rows().count()).toBe(0);
  expect(await button("Download CSV").isDisabled()).toBe(true);
  expect(await inspect(page, "sales-refused")).toEqual([]);
  await button("Remove filter: From: Nov 20, 2026").click();
  await page.getByText("“Until” is before").waitFor({ state: "detached" });
  await button("Remove filter: Until: Nov 19, 2026").click();
  await rows().first().waitFor();
  // A year that is typed is one step back, not four.
  const steps = Number(await page.evaluate("history.length"));
  await page.getByLabel("From", { exact: true }).focus();
  await page.keyboard.type("1120");
  for (const year of ["0002", "0020", "0202", "2026"]) {
    await page.keyboard.type(year.slice(-1));
    await page.waitForURL(new RegExp(`from=${year}-11-20`));
  }
  expect(await page.evaluate("history.length")).toBe(steps + 1);
});

it("what sells is shown beside the period before, and a day leads to its sales", async () => {
  await page.getByRole("radio", { name: "What sells" }).click();
  await page.getByText(/^Period before: \$/).waitFor();
  await page.getByRole("radio", { name: "7 days" }).click();
  await page.getByText(/^\w{3} \d+, \d{4} to \w{3} \d+, \d{4}, in America\/Denver/).waitFor();
  await region("Revenue by day").locator("svg.recharts-surface").first().waitFor();
  await expect.poll(() => page.url()).toMatch(/view=figures.*days=7/);
  expect(await inspect(page, "sales-figures")).toEqual([]);
  await region("Revenue by day").getByText("Show as a table").click();
  await region("Revenue by day").getByRole("link").last().click();
  await page.getByLabel("From", { exact: true }).waitFor();
  await expect.poll(() => page.url()).toMatch(/from=\d{4}-\d\d-\d\d&to=\d{4}-\d\d-\d\d/);
});

it("customers are figures only, and only once the store keeps pseudonyms", async () => {
  await link("Customers").click();
  await page.getByText("Customer figures are switched off").waitFor();
  expect(await link("Go to the settings").getAttribute("href")).toBe(`/stores/${store.id}/settings`);
  expect(await inspect(page, "customers-off")).toEqual([]);
  await stage.api.call("PATCH", `/v1/locations/${store.id}`, { settings: { data_types: { customers: true } } });
  await store.sync("full");
  await open("/inventory/customers");
  await region("Spend per customer")
    .getByText(/^Half up to \$/)
    .waitFor();
  await page.getByRole("table", { name: "Who came again" }).waitFor();
  expect(await inspect(page, "customers")).toEqual([]);
});

it("a product says in one line what is on hand, and folds the technical details", async () => {
  const { product } = plainProduct();
  const seen = await productOf(product.id);
  await openProduct(seen);
  await page
    .getByText(new RegExp(`^${seen.quantity.toLocaleString("en-US")} on hand in 1 package, in 1 room · \\$`))
    .waitFor();
  expect(await page.getByText(seen.product_id, { exact: true }).first().isVisible()).toBe(false);
  await page.getByText("Why is this so?").click();
  await page.getByText(seen.product_id, { exact: true }).first().waitFor();
  expect(await inspect(page, "product")).toEqual([]);
});

it("the ledger tells each sale with its balance, and leads to it", async () => {
  const [event] = store.dutchie.act({ count: 1, kind: "sell" });
  if (event?.type !== "sale.completed") throw new Error("Nothing was sold.");
  const [line] = event.sale.lines;
  if (line === undefined) throw new Error("The sale is empty.");
  const product = await productOf(line.productId);
  await openProduct(product);
  const name = `Sale #${event.sale.id}`;
  const row = region("How the quantity came to be").getByRole("row").filter({ hasText: name });
  await row.first().waitFor();
  await row
    .first()
    .getByText(/^−[\d.]+$/)
    .waitFor();
  expect(await inspect(page, "product-ledger")).toEqual([]);
  await page.route("**/ledger*", async (route) => {
    const response = await route.fetch();
    const { data, ...rest } = (await response.json()) as { data: object[] };
    const vast = data.map((each) => ({ ...each, change: -999_999_999_999, balance: 999_999_999_999 }));
    await route.fulfill({ response, json: { ...rest, data: vast } });
  });
  await page.reload();
  await row.first().getByText("−999,999,999,999").waitFor();
  expect(await inspect(page, "product-ledger-vast")).toEqual([]);
  await stopAnswering(page);
  await row.first().getByRole("link", { name }).click();
  await panel().getByRole("heading", { name }).waitFor();
  await panel().getByRole("link", { name: product.product_name }).first().click();
  await heading(product.product_name).waitFor();
});

it("the ledger tells a move to another room", async () => {
  const { product, package_id } = plainProduct();
  const room = store.dutchie.world.packages.get(package_id)?.rooms[0]?.roomId;
  await openProduct(await productOf(product.id));
  store.dutchie.setPackage(package_id, { room: room === 101 ? 102 : 101 });
  await region("How the quantity came to be")
    .getByText(/^Moved to /)
    .first()
    .waitFor();
});

it("an automatic merge is undone from the product", async () => {
  const { data } = await store.get<{
    data: { into: string | null; action: string | null; resolved_by: string | null }[];
  }>("/reviews?state=resolved");
  const merge = data.find(({ action, resolved_by }) => action === "merge" && resolved_by === "auto");
  if (merge?.into == null) throw new Error("No products were merged.");
  await open(`/products/${merge.into}`);
  const notice = page.getByText(/^ReUp merged \d products into this one, by the store's rule$/);
  await notice.first().waitFor();
  const notices = await notice.count();
  expect(await inspect(page, "product-merged")).toEqual([]);
  await button("Undo the merge").first().click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Undo the merge" }).click();
  await page.getByText("The merge is undone. The products stay apart.").waitFor();
  await until(
    () => notice.count(),
    (n) => n === notices - 1,
  );
});

it("a one-way store edits only ReUp's own notes, and shows the reason beside the other fields", async () => {
  const { product } = plainProduct();
  await openProduct(await productOf(product.id));
  await button("Edit product").click();
  await panel()
    .getByText(/Name, Brand, .*Price, Cost: .*change it in Dutchie, or switch the store/)
    .waitFor();
  await expect.poll(() => page.url()).toContain("edit=true");
  expect(await panel().getByRole("textbox").count()).toBe(1);
  expect(await inspect(page, "edit-one-way")).toEqual([]);
  await panel().getByLabel("Notes").fill("Ask Ann");
  await button("Save product").click();
  await panel().waitFor({ state: "detached" });
  await page.getByText("Ask Ann", { exact: true }).waitFor();
});

it("an edited price is sent to Dutchie, shown when it comes back, and leaves the quantity as it is", async () => {
  await stage.api.call("PATCH", `/v1/locations/${store.id}`, { settings: { direction: "bidirectional" } });
  const { product } = plainProduct();
  const inDutchie = () => store.dutchie.product(product.id) ?? {};
  const seen = await productOf(product.id);
  await openProduct(seen);
  const before = inDutchie();
  store.dutchie.setFaults([{ kind: "slow", path: "/products/location-overrides", ms: 3_000 }]);
  await button("Edit product").click();
  await panel().getByLabel("Price ($)").waitFor();
  expect(await inspect(page, "edit")).toEqual([]);
  await panel().getByLabel("Price ($)").fill("47.11");
  await button("Save product").click();
  const pending = page.getByRole("status").filter({ hasText: "On its way to Dutchie" });
  await pending.getByText(`Price: $47.11; Dutchie still says $${product.price?.toFixed(2)}`).waitFor();
  await until(
    async () => inDutchie().price,
    (price) => price === 47.11,
  );
  await pending.waitFor({ state: "detached" });
  await page.getByText(new RegExp(`^${seen.quantity.toLocaleString("en-US")} on hand .* · \\$47\\.11$`)).waitFor();
  const { lastModifiedDateUTC: _, price: __, recPrice: ___, medPrice: ____, ...rest } = inDutchie();
  expect(before).toMatchObject(rest);
  store.dutchie.clearFaults();
  expect(await store.differences()).toEqual([]);
});

it("a form that is open sends only what was typed, though the product changes in Dutchie meanwhile", async () => {
  const { product } = plainProduct();
  await openProduct(await productOf(product.id));
  await button("Edit product").click();
  await panel().getByLabel("Price ($)").waitFor();
  store.dutchie.setProduct(product.id, { price: 30.25 });
  await page.getByText(/ on hand .* · \$30\.25$/).waitFor();
  await panel().getByLabel("Notes").fill("Ask Ben");
  const [sent] = await Promise.all([
    page.waitForRequest((request) => request.method() === "PATCH"),
    button("Save product").click(),
  ]);
  expect(sent.postDataJSON()).toEqual({ notes: "Ask Ben" });
  await panel().waitFor({ state: "detached" });
  await page.getByText("Ask Ben", { exact: true }).waitFor();
  expect(store.dutchie.product(product.id)?.price).toBe(30.25);
});

it("a product of ReUp's own can be added, and all its fields can be edited", async () => {
  const { product } = plainProduct();
  await open("/inventory/products");
  await button("Add product").first().click();
  await panel().getByRole("textbox", { name: "Name" }).fill("Gift wrapping");
  await panel()
    .getByRole("textbox", { name: "SKU" })
    .fill(product.sku ?? "");
  expect(await inspect(page, "add-product")).toEqual([]);
  await panel().getByRole("button", { name: "Add product" }).click();
  await panel()
    .getByText(/Another product has the SKU/)
    .waitFor();
  await panel().getByRole("textbox", { name: "SKU" }).fill("GIFT-1");
  const leaving = page.getByRole("alertdialog", { name: "Leave without saving?" });
  for (const leave of [
    () => page.evaluate("history.back()"),
    () => page.keyboard.press("Escape"),
    () => button("Close").click(),
    () => button("Go back").click(),
  ]) {
    await leave();
    await leaving.getByRole("button", { name: "Stay here" }).click();
    await leaving.waitFor({ state: "detached" });
    expect(await panel().getByRole("textbox", { name: "Name" }).inputValue()).toBe("Gift wrapping");
  }
  await panel().getByRole("button", { name: "Add product" }).click();
  await heading("Gift wrapping").waitFor();
  await button("Edit product").click();
  await panel().getByLabel("Price ($)").fill("9");
  await page.evaluate("history.back()");
  await leaving.getByRole("button", { name: "Leave and lose the changes" }).click();
  await panel().waitFor({ state: "detached" });
  await button("Edit product").click();
  await panel().getByLabel("Price ($)").fill("2.5");
  await button("Save product").click();
  await page.getByText("0 on hand · $2.50", { exact: true }).waitFor();
});

it("a product is linked to one of ReUp's own and unlinked, with the keyboard alone", async () => {
  const product = await productOf(plainProduct().product.id);
  const own = { product_name: "House Label Gummies", brand: "House", notes: "Ours" };
  const { product_id } = await stage.api.call<{ product_id: string }>(
    "POST",
    `/v1/locations/${store.id}/products`,
    own,
  );
  await openProduct(product);
  await button("Link to a product of ReUp's …").press("Enter");
  expect(await panel().locator("input[type=radio]:checked").count()).toBe(0);
  expect(await button("Link these two products").isDisabled()).toBe(true);
  await panel().getByLabel("Find a product of ReUp's own").fill("house label");
  await panel()
    .getByRole("radio", { name: /House Label Gummies/ })
    .press("Space");
  await panel().getByText(product.product_name, { exact: true }).first().waitFor();
  await page.keyboard.press("Escape");
  await page
    .getByRole("alertdialog", { name: "Leave without saving?" })
    .getByRole("button", { name: "Stay here" })
    .press("Enter");
  const fields = await panel().locator("tbody tr").allTextContents();
  expect(fields.some((row) => row.startsWith("Name"))).toBe(true);
  // Neither has CBD in milligrams: what is equal is not shown.
  expect(fields.some((row) => row.startsWith("Notes"))).toBe(false);
  await panel().getByLabel("Reason (not required)").fill("Same label");
  expect(await inspect(page, "product-link")).toEqual([]);
  await button("Link these two products").press("Enter");
  await page.getByText("The products are linked.").waitFor();
  await page.getByText(`Linked to Dutchie's product ${product.dutchie_product_id}`).waitFor();
  await page.getByText(/^Linked by .+: Same label$/).waitFor();
  await expect.poll(() => page.url()).toContain(product_id);
  expect(await inspect(page, "product-linked")).toEqual([]);
  await page.getByText("Why is this so?").click();
  await page
    .getByText(/^Decided by .+: Same label$/)
    .first()
    .waitFor();

  await button("Unlink").press("Enter");
  const question = page.getByRole("alertdialog", { name: "Unlink the two products?" });
  await question.waitFor();
  await page.waitForFunction(`document.activeElement?.textContent === "Go back"`);
  await question.getByRole("button", { name: "Unlink" }).press("Enter");
  await page.getByText("The products are unlinked.").waitFor();
  await heading("House Label Gummies").waitFor();
  expect(await productOf(Number(product.dutchie_product_id))).toMatchObject({ product_id: product.product_id });
});

it("of fifty thousand products one page is drawn", async () => {
  const { data } = await store.get<{ data: object[] }>("/products?limit=50");
  await page.route("**/products?*", (route) =>
    route.fulfill({ json: { data, next_cursor: "more", pagination: { page: 1, limit: 50, total: 50_000 } } }),
  );
  await open("/inventory/products");
  await page.getByText("Page 1 of 400", { exact: true }).waitFor();
  expect(await found().textContent()).toBe("50,000 products");
  expect(await rows().count()).toBe(50);
  await stopAnswering(page);
});

it("names of any length and direction leave room for the rest", async () => {
  const product = await productOf(plainProduct().product.id);
  const vast = { product_name: "W".repeat(300), brand: `\u202e${"M".repeat(300)}`, sku: "X".repeat(120) };
  const { data } = await store.get<{ data: object[] }>("/products?limit=3");
  await page.route("**/products?*", (route) =>
    route.fulfill({
      json: {
        data: data.map((each) => ({ ...each, ...vast, unit_price: 12.5 })),
        next_cursor: null,
        pagination: { page: 1, limit: 50, total: 3 },
      },
    }),
  );
  await open("/inventory/products");
  await page.getByText("3 products", { exact: true }).waitFor();
  const tallest = await page.evaluate<number>(
    "Math.max(...[...document.querySelectorAll('tbody tr')].map((row) => row.getBoundingClientRect().height))",
  );
  // Three lines, and the cell's own space.
  expect(tallest).toBeLessThan(130);
  expect(await rows().first().getByText("$12.50").isVisible()).toBe(true);
  expect(await inspect(page, "inventory-names")).toEqual([]);
  await openProduct(product);
  await button("Link to a product of ReUp's …").click();
  const choice = panel().getByRole("radio").first().locator("xpath=..");
  await choice.waitFor();
  expect((await choice.boundingBox())?.height).toBeLessThan(100);
  await stopAnswering(page);
});

it("a viewer looks, and changes nothing", async () => {
  const viewer = await developmentToken({ retailer_id: "e2e", role: "viewer" });
  await page.goto("about:blank");
  await page.goto(`${stage.api.url}/stores/${store.id}/inventory/products#token=${viewer}`);
  const accept = page.getByRole("button", { name: /^(Switch|Sign in as)/ });
  await heading("Inventory: Products").or(accept).first().waitFor();
  if ((await accept.count()) > 0) await accept.click();
  await rows().first().waitFor();
  expect(await button("Add product").count()).toBe(0);
  await rows().first().getByRole("link").click();
  await region("About the product").waitFor();
  expect(await button("Edit product").count()).toBe(0);
  await page.goto(`${stage.api.url}/connect`);
  await page.getByText("Only an admin connects a store").waitFor();
  expect(await button("Connect the store").count()).toBe(0);
});

it("no page had an error", () => {
  expect(complaints).toEqual([]);
});
