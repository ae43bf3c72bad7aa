import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { developmentToken } from "../../scripts/support/development-token.ts";
import type { Product } from "../../simulator/world/records.ts";
import { Stage, type Store, until } from "../e2e/support.ts";
import { closeBrowser, closeContext, inspect, openBrowser, openPage, stopAnswering, violations } from "./support.ts";

// What waits for a person, of a real store: products with one SKU, missing packages, a failed message, a refused edit.

let stage: Stage;
let store: Store;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let complaints: string[];
let token: string;
/** A product that is edited; no other has its SKU. */
let edited: Product;

const SKUS = ["TWIN-1", "TWIN-2", "TWIN-3", "TWIN-4"];

beforeAll(async () => {
  [stage, browser] = await Promise.all([Stage.open(), openBrowser()]);
  token = await developmentToken({ retailer_id: "e2e", role: "admin" });
  store = await stage.connect({ seed: 41, profiles: ["pos"], settings: { direction: "bidirectional" } });
  const { world } = store.dutchie;
  const fits = [...world.products.values()].filter(({ id, price, sku }) => price && sku && !world.paired.has(id));
  SKUS.forEach((sku, i) => {
    fits.slice(2 * i, 2 * i + 2).forEach(({ id }, side) => {
      store.dutchie.setProduct(id, { sku, name: `${sku} ${["Indoor", "Outdoor"][side]}` }, { silent: true });
    });
  });
  const last = fits.at(-1);
  if (last === undefined) throw new Error("The store has no such product.");
  edited = last;
  await store.sync("initial");
});
afterAll(async () => {
  await closeBrowser(browser);
  await stage?.close();
});

beforeEach(async () => {
  ({ page, context, complaints } = await openPage(browser));
  page.setDefaultTimeout(15_000);
});
afterEach(async () => {
  await closeContext(context);
  expect(complaints).toEqual([]);
});

async function open(query = ""): Promise<void> {
  await page.goto(`${stage.api.url}/inbox${query}#token=${token}`);
  await page.getByRole("heading", { level: 1, name: "Inbox" }).waitFor();
}

const button = (name: string | RegExp) => page.getByRole("button", { name, exact: typeof name === "string" });
const item = (title: string) =>
  page.getByRole("list", { name: "What waits for you" }).getByRole("link", { name: title });
const details = () => page.getByRole("region", { name: "Details", exact: true });
const title = (sku: string) => `Several products have the SKU ${sku}`;
const current = () => page.locator("[data-item][aria-current]");
const openReviews = async () =>
  (await store.get<{ data: { kind: string; subject: string }[] }>("/reviews?state=open")).data;
const isOpen = async (sku: string) => (await openReviews()).some(({ subject }) => subject === sku);
const count = () => page.getByRole("link", { name: /^Inbox/ }).textContent();

it("only the fields that differ are shown, and nothing that merges is chosen or green", async () => {
  await open();
  // What is shown first is pinned, without a step in the history.
  await page.waitForURL(/[?&]item=/);
  const first = (await current().getAttribute("data-item")) ?? "";
  await item(title("TWIN-2")).click();
  await page.waitForURL((url) => url.searchParams.get("item") !== first);
  await page.goBack();
  await page.waitForURL((url) => url.searchParams.get("item") === first);
  await item(title("TWIN-1")).click();
  await details()
    .getByRole("heading", { name: title("TWIN-1") })
    .waitFor();
  await details().getByRole("rowheader", { name: "Name" }).waitFor();
  const fields = await details().getByRole("rowheader").count();
  await button("Show all fields").click();
  expect(await details().getByRole("rowheader").count()).toBeGreaterThan(fields);
  await button("Merge products …").click();
  expect(await details().locator("input[type=radio]:checked").count()).toBe(0);
  expect(await button("Merge 2 products").isDisabled()).toBe(true);
  expect(await inspect(page, "inbox")).toEqual([]);
});

it("after a decision the next item's buttons wait a second, and the decision can be undone", async () => {
  await open();
  await item(title("TWIN-1")).click();
  const before = await count();
  await page.clock.install();
  await button("Keep apart").click();
  await item(title("TWIN-1")).waitFor({ state: "detached" });
  await details().getByRole("button", { name: "Keep apart" }).waitFor();
  expect(await button("Keep apart").isDisabled()).toBe(true);
  await page.clock.runFor(1_100);
  await until(
    () => button("Keep apart").isDisabled(),
    (isDisabled) => !isDisabled,
  );
  expect(await isOpen("TWIN-1")).toBe(false);
  await button("Undo").first().click();
  await page.clock.resume();
  await item(title("TWIN-1")).waitFor();
  expect(await isOpen("TWIN-1")).toBe(true);
  expect(await count()).toBe(before);
});

it("a product whose name is vast leaves the choice of the others in sight", async () => {
  await page.route("**/reviews?*", async (route) => {
    const response = await route.fetch();
    const body = (await response.json()) as { data: { candidates: object[] }[] };
    for (const review of body.data) {
      review.candidates = review.candidates.map((each) => ({ ...each, product_name: `\u202e${"W".repeat(900)}` }));
    }
    await route.fulfill({ response, json: body });
  });
  await open();
  await item(title("TWIN-2")).click();
  await button("Merge products …").click();
  const choice = details().getByRole("radio").first().locator("xpath=..");
  expect((await choice.boundingBox())?.height).toBeLessThan(100);
  expect(await inspect(page, "inbox-names")).toEqual([]);
  await stopAnswering(page);
});

it("products are merged only after a person chose the one that stays", async () => {
  await open();
  await item(title("TWIN-2")).click();
  await button("Merge products …").click();
  await details().getByRole("radio").first().check();
  await details().getByText("Give a reason").click();
  // ReUp keeps 1,000 bytes: one letter of these takes two.
  const reason = details().getByLabel("Reason (not required)");
  await reason.fill("é".repeat(503));
  await details().getByText("Too long: take out 3 letters.").waitFor();
  expect(await button("Merge 2 products").isDisabled()).toBe(true);
  await reason.fill("é".repeat(450));
  await details().getByText("There is room for 100 more plain letters.").waitFor();
  expect(await button("Merge 2 products").isDisabled()).toBe(false);
  await reason.fill("The labels are equal");
  // What is half filled outlives another item, and is not left without a question.
  await item(title("TWIN-1")).click();
  await details()
    .getByRole("heading", { name: title("TWIN-1") })
    .waitFor();
  await page.getByRole("navigation").getByRole("link", { name: "Stores" }).click();
  await page.getByRole("alertdialog", { name: "Leave without saving?" }).getByText("Stay here").click();
  await item(title("TWIN-2")).click();
  expect(await details().getByRole("radio").first().isChecked()).toBe(true);
  await button("Merge 2 products").click();
  await page.getByText("The products are merged.").waitFor();
  expect(await isOpen("TWIN-2")).toBe(false);
  await page.getByRole("radio", { name: "Decided" }).click();
  const said = page.getByText(/^Merged by .+: The labels are equal · .+ · Store$/);
  await said.waitFor();
  await page.getByLabel("Store", { exact: true }).selectOption({ label: "Store" });
  await page.getByText(/^Merged by .+: The labels are equal/).waitFor();
  expect(await inspect(page, "inbox-decided")).toEqual([]);
  await button(`Undo the decision: ${title("TWIN-2")}`).click();
  await until(
    () => isOpen("TWIN-2"),
    (open) => open,
  );
});

it("J, K, Enter and E move, open and settle, and several are kept apart at once", async () => {
  await open("?kind=decision");
  await item(title("TWIN-3")).waitFor();
  const first = await current().getAttribute("data-item");
  await page.keyboard.press("j");
  await page.waitForFunction(
    `document.activeElement?.dataset.item && document.activeElement.dataset.item !== "${first}"`,
  );
  await page.keyboard.press("k");
  await page.waitForFunction(`document.activeElement?.dataset.item === "${first}"`);
  await page.keyboard.press("Enter");
  await page.waitForFunction(`document.activeElement?.tagName === "H2"`);
  // A decision is not settled at a key. What a key sends, it has sent before the next one is handled.
  const sent: string[] = [];
  page.on("request", (request) => void (request.method() === "POST" && sent.push(request.url())));
  await page.keyboard.press("e");
  for (const sku of ["TWIN-3", "TWIN-4"]) {
    await page.getByRole("checkbox", { name: new RegExp(`Choose ${title(sku)}`) }).focus();
    await page.keyboard.press("Space");
  }
  await page.getByText("2 chosen").waitFor();
  expect(sent).toEqual([]);
  expect(await inspect(page, "inbox-chosen")).toEqual([]);
  await button("Keep 2 groups apart").click();
  await page.getByText("The products of 2 decisions stay apart.").waitFor();
  const left = (await openReviews()).map(({ subject }) => subject);
  expect(SKUS.filter((sku) => left.includes(sku))).toEqual(["TWIN-1", "TWIN-2"]);
});

it("a failed message is sent again at the key E, and applied", async () => {
  const [stocked] = [...store.dutchie.world.packages.values()].filter(({ rooms }) => rooms.length === 1);
  if (stocked === undefined) throw new Error("The store has no package in one room.");
  store.dutchie.setPackage(stocked.id, { room: 101, quantity: 777 }, { silent: true });
  // A message becomes a failed one after many retries. So the test stores one, as the consumer does.
  const event = {
    type: "inventory.updated",
    occurred_at: new Date().toISOString(),
    data: {
      inventoryId: stocked.id,
      productId: stocked.productId,
      quantityAvailable: 777,
      roomQuantities: [{ roomId: 101, room: "Sales Floor", quantityAvailable: 777 }],
    },
  };
  const body = { location_id: store.id, event_id: "evt_dead", received_at: Date.now(), body: event };
  await stage.query(
    "DB",
    `insert into dead_letters values ('dead_1', 'e2e', '${store.id}', 'webhooks', 'system',
    'A webhook could not be applied after all retries', '${JSON.stringify(body)}', ${Date.now()}, null) returning 1`,
  );
  await open("?kind=message");
  await details().getByText("A webhook could not be applied after all retries").waitFor();
  await details().getByText("Content of the message").click();
  await details().getByText("evt_dead").waitFor();
  expect(await inspect(page, "inbox-message")).toEqual([]);
  // The page is as wide again as it was.
  await details().getByRole("button", { name: "Send again" }).waitFor();
  await details().getByText("Give a reason").click();
  await details().getByLabel("Reason (not required)").fill("The database is back");
  await details().getByRole("heading").first().focus();
  await page.keyboard.press("e");
  await page.getByText("It is sent again.").waitFor();
  await page.locator(":focus").getByText("Nothing of this kind waits for you").waitFor();
  await page.getByRole("radio", { name: "Decided" }).click();
  await page.getByText(/^Sent again by .+: The database is back/).waitFor();
  await until(
    () => stage.api.all<{ dutchie_inventory_id: string; quantity: number }>(`/v1/locations/${store.id}/inventory`),
    (rows) => rows.some((row) => row.dutchie_inventory_id === String(stocked.id) && row.quantity === 777),
  );
});

it("an edit that Dutchie refuses waits in the inbox, says why, and is sent again", async () => {
  store.dutchie.setFaults([{ kind: "refuseWrite", body: { message: "The price is too low", propertyErrors: null } }]);
  const { data } = await store.get<{ data: { product_id: string }[] }>(`/products?sku=${edited.sku}`);
  const id = data[0]?.product_id ?? "";
  await stage.api.call("PATCH", `/v1/locations/${store.id}/products/${id}`, { unit_price: 1 });
  await until(
    () => store.get<{ data: unknown[] }>("/pushes?state=parked"),
    (parked) => parked.data.length === 1,
  );
  await open("?kind=edit");
  await details()
    .getByRole("row", { name: /^Price .* \$1\.00$/ })
    .waitFor();
  expect(await inspect(page, "inbox-edit")).toEqual([]);
  // It is sent, and refused again before the list is loaded: it waits as before.
  const retry = "**/pushes/*/retry";
  await page.route(retry, (route) => route.fulfill({ status: 202, json: {} }));
  await button("Send again").click();
  await page.getByText("It is sent again.").waitFor();
  await details()
    .getByRole("row", { name: /^Price .* \$1\.00$/ })
    .waitFor();
  await page.unroute(retry);
  store.dutchie.clearFaults();
  await button("Send again").click();
  await until(
    async () => store.dutchie.product(edited.id)?.price,
    (price) => price === 1,
  );
});

it("an edit on both sides shows both values, and the decision is written to Dutchie", async () => {
  store.dutchie.setProduct(edited.id, { price: 30 }, { silent: true });
  const { data } = await store.get<{ data: { product_id: string }[] }>(`/products?sku=${edited.sku}`);
  await stage.api.call("PATCH", `/v1/locations/${store.id}/products/${data[0]?.product_id}`, { unit_price: 35 });
  await until(openReviews, (reviews) => reviews.some(({ kind }) => kind === "edit_conflict"));
  await open("?kind=decision");
  await item(`${edited.name.trim()} was edited in Dutchie and in ReUp`).click();
  await details().getByRole("row", { name: "Price $1.00 $30.00 $35.00" }).waitFor();
  await button("Keep ReUp's value").click();
  await page.getByText("ReUp's value is sent to Dutchie.").waitFor();
  await until(
    async () => store.dutchie.product(edited.id)?.price,
    (price) => price === 35,
  );
});

it("stock cannot be set to zero while its number is not known", async () => {
  for (const { id } of [...store.dutchie.world.packages.values()].slice(0, 30)) store.dutchie.removePackage(id);
  await store.sync("full");
  await page.route("**/reviews?*", async (route) => {
    const response = await route.fetch();
    const { data, ...rest } = (await response.json()) as { data: object[] };
    await route.fulfill({ response, json: { ...rest, data: data.map((each) => ({ ...each, held_rows: null })) } });
  });
  await open();
  await details().getByText("ReUp is still counting them.").waitFor();
  await details().getByRole("button", { name: "Keep the packages" }).waitFor();
  expect(await page.getByRole("button", { name: /^Set \d+ packages? to zero/ }).count()).toBe(0);
  await stopAnswering(page);
});

it("stock becomes zero only after its number was typed, and is shown with its value before", async () => {
  const { held_snapshot } = await store.get<{ held_snapshot: { rows: number } | null }>("/status");
  const n = held_snapshot?.rows ?? 0;
  expect(n).toBeGreaterThan(10);
  await open();
  // It comes first, for it matters most.
  await details().getByRole("heading", { name: "Many packages are missing in Dutchie's list" }).waitFor();
  await details().getByRole("table", { name: "Missing packages" }).getByText(/^\$\d/).first().waitFor();
  expect(await inspect(page, "inbox-held")).toEqual([]);
  await button(`Set ${n} packages to zero …`).click();
  const question = page.getByRole("alertdialog");
  const confirm = question.getByRole("button", { name: `Set ${n} packages to zero` });
  expect(await confirm.isDisabled()).toBe(true);
  await question.getByLabel(`Type ${n} to confirm`).fill(String(n - 1));
  expect(await confirm.isDisabled()).toBe(true);
  await question.getByRole("button", { name: "Go back" }).click();
  await details().getByRole("button", { name: "Keep the packages" }).click();
  await page.getByText("The packages stay until Dutchie lists them again.").waitFor();
  await button("Undo").first().click();
  await item("Many packages are missing in Dutchie's list").click();
  await button(`Set ${n} packages to zero …`).click();
  expect(await violations(page)).toEqual([]);
  await question.getByLabel(`Type ${n} to confirm`).fill(String(n));
  const [sent] = await Promise.all([
    page.waitForRequest((request) => request.url().endsWith("/resolve")),
    confirm.click(),
  ]);
  expect(sent.postDataJSON()).toMatchObject({ action: "confirm", count: n });
  await page.getByText(`${n} packages are gone from the shelf.`).waitFor();
  await until(
    () => store.get<{ held_snapshot: object | null }>("/status"),
    (status) => status.held_snapshot === null,
  );
});

it("an alert is marked as seen only after Undo is no longer offered", async () => {
  await open("?kind=alert");
  await item("Many packages became zero").waitFor();
  const acknowledged: unknown[] = [];
  page.on(
    "request",
    (request) => void (request.url().endsWith("/acknowledge") && acknowledged.push(request.postDataJSON())),
  );
  await page.clock.install();
  await page.keyboard.press("e");
  await item("Many packages became zero").waitFor({ state: "detached" });
  await button("Undo").first().click();
  await item("Many packages became zero").waitFor();
  await page.clock.runFor(1_100);
  // The key E sends the reason, too.
  await details().getByText("Give a reason").click();
  await details().getByLabel("Reason (not required)").fill("Counted by hand");
  await details().getByRole("heading").first().focus();
  await page.keyboard.press("e");
  await item("Many packages became zero").waitFor({ state: "detached" });
  const told = page.getByText("The alert is marked as seen.");
  await told.first().waitFor();
  expect(acknowledged).toEqual([]);
  // Somebody points at Undo: it is not offered any longer than it works.
  await button("Undo").first().hover();
  await page.clock.runFor(9_000);
  await until(
    async () => acknowledged,
    (sent) => sent.length === 1,
  );
  const started_at = expect.stringMatching(/Z$/);
  expect(acknowledged).toEqual([{ started_at, reason: "Counted by hand" }]);
  await page.clock.runFor(1_000);
  await told.first().waitFor({ state: "detached" });
});

it("Ctrl K leads to a store, its products and its actions", async () => {
  await open();
  await page.keyboard.press("Control+k");
  const search = page.getByPlaceholder("Go to a store, a product or a page");
  await search.fill(edited.sku ?? "");
  const found = page.getByRole("option", { name: new RegExp(edited.sku ?? "") });
  await found.waitFor();
  expect(await inspect(page, "palette")).toEqual([]);
  await search.fill("sync store");
  await page.getByRole("option", { name: "Sync Store now" }).waitFor();
  await search.fill(edited.sku ?? "");
  await found.click();
  await page.waitForURL(/\/products\//);
});

it("failed messages that cannot be read hide nothing else, and the page says so", async () => {
  await page.route("**/v1/dead-letters*", (route) =>
    route.fulfill({ status: 400, json: { error: { code: "INVALID_REQUEST", message: "no", request_id: "r" } } }),
  );
  await open();
  await page.getByText("Not everything that waits is listed. Missing: failed messages").waitFor();
  await item(title("TWIN-1")).waitFor();
});

it("another store's decisions are never shown, nor undone, while its own are loading", async () => {
  const other = await stage.connect({ seed: 42, profiles: ["pos"] });
  let answer = () => {};
  const asked = new Promise<void>((resolve) => {
    void page.route(new RegExp(`/v1/inbox\\?.*location_id=${other.id}`), (route) => {
      answer = () => void route.continue();
      resolve();
    });
  });
  await open(`?show=decided&store=${store.id}`);
  const undo = page.getByRole("button", { name: /^Undo the decision/ });
  await undo.first().waitFor();
  await page.getByLabel("Store", { exact: true }).selectOption(other.id);
  await asked;
  await page.getByText("Loading the decisions").waitFor();
  expect(await undo.count()).toBe(0);
  answer();
  await page.getByText("Nothing has been decided yet").waitFor();
});
