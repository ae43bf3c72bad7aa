import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { developmentToken } from "../../scripts/support/development-token.ts";
import { newRunId } from "../../src/domain/runs/run.ts";
import { type RunView, Stage, type Store, until } from "../e2e/support.ts";
import { closeBrowser, closeContext, inspect, openBrowser, openPage, stopAnswering } from "./support.ts";

// A store's overview and activity, as a manager looks at them. Each test continues where the previous one ended.

let stage: Stage;
let store: Store;
let browser: Browser;
let page: Page;
let complaints: string[];
let token: string;

beforeAll(async () => {
  [stage, browser] = await Promise.all([Stage.open(), openBrowser()]);
  store = await stage.connect({ seed: 31, size: 300, profiles: ["pos"] });
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
const strips = () => region("Syncs").getByRole("group", { name: /Arrow keys/ });
const panel = () => page.getByRole("dialog");
const status = () => store.get<{ accuracy: { checked_at: string }; last_run: RunView }>("/status");

async function open(path = ""): Promise<void> {
  await page.goto(`${stage.api.url}/stores/${store.id}${path}#token=${token}`);
}

it("a store that was never read says so, has its one action, and shows the first sync's progress", async () => {
  await open();
  await heading("Overview").waitFor();
  await page.getByText("ReUp has not read this store yet").waitFor();
  expect(await inspect(page, "store-new")).toEqual([]);
  store.dutchie.setFaults([{ kind: "slow", ms: 700 }]);
  await page.getByRole("button", { name: /^Run first sync/ }).click();
  await page.getByRole("progressbar", { name: /^First sync/ }).waitFor();
  await page.getByText("Syncing now").waitFor();
  store.dutchie.clearFaults();
  await page.getByRole("progressbar").waitFor({ state: "detached", timeout: 120_000 });
  await page.getByText("Never synced").waitFor({ state: "detached" });
});

it("the overview shows age, accuracy, changes of today and the next sync, and folds the diagnostics", async () => {
  const figures = region("The store at a glance");
  await figures.getByText(/^(< 1|\d) min$/).waitFor();
  await figures.getByRole("link", { name: "100%", exact: true }).waitFor();
  await region("Sales").locator("svg.recharts-surface").first().waitFor();
  await strips().waitFor();
  expect(await page.getByText("America/Denver").count()).toBeGreaterThan(2);
  expect(await page.getByText(store.id).isVisible()).toBe(false);
  expect(await inspect(page, "store-overview")).toEqual([]);
  // Whoever chooses the colours sees no ground of ours, and still what is chosen and what a sync did.
  await page.emulateMedia({ forcedColors: "active" });
  const grounds = (marks: string) =>
    page.evaluate<string[]>(
      `[...document.querySelectorAll('${marks}')].map((each) => getComputedStyle(each).backgroundColor)`,
    );
  for (const [chosen, other] of [
    ["[data-state=on]", "[data-state=off]"],
    ["nav [aria-current=page]", "nav a:not([aria-current])"],
    ["[role=group][aria-label*=Arrow] a > span", "[role=group][aria-label*=Arrow]"],
  ] as const) {
    expect((await grounds(chosen))[0]).not.toBe((await grounds(other))[0]);
  }
  await page.emulateMedia({ forcedColors: "none" });
  await page.getByText("Diagnostics", { exact: true }).click();
  await page.getByText(store.id, { exact: true }).waitFor();
  expect(await page.getByText(/\b0 ms\b|\bin 1 syncs\b/).count()).toBe(0);
});

it("the strip is one stop of the keyboard, and a cell leads to its sync; Back closes what was opened", async () => {
  await store.sync("full");
  await page.reload();
  const cells = strips().getByRole("link");
  await until(
    () => cells.count(),
    (n) => n === 2,
  );
  expect(await region("Syncs").locator('a[tabindex="0"]').count()).toBe(1);
  await cells.last().focus();
  await page.keyboard.press("ArrowLeft");
  expect(await page.locator("a:focus").getAttribute("aria-label")).toContain("First sync · Completed");
  await page.keyboard.press("Enter");
  await panel().getByRole("heading", { name: "First sync" }).waitFor();
  await expect.poll(() => page.url()).toMatch(/\/activity\/syncs\?sync=run_/);
  expect(await inspect(page, "sync-details")).toEqual([]);
  expect(await page.evaluate("(d => d.scrollWidth - d.clientWidth)(document.querySelector('[role=dialog]'))")).toBe(0);
  await page.reload();
  await panel().getByRole("cell", { name: "Packages" }).waitFor();
  await page.keyboard.press("Escape");
  await heading("Activity: Syncs").waitFor();
  await page.goBack();
  await panel().waitFor();
  await page.goBack();
  await heading("Overview").waitFor();
});

it("the week is a strip a day, in the address, and the strip is a table for whoever does not see it", async () => {
  const syncs = region("Syncs");
  await syncs.getByRole("radio", { name: "7 days" }).click();
  await until(
    () => strips().count(),
    (n) => n === 7,
  );
  await expect.poll(() => page.url()).toContain("days=7");
  await syncs.getByText("Show as a table").click();
  await syncs.getByRole("table", { name: "Syncs, newest first" }).getByRole("link").first().waitFor();
  expect(await inspect(page, "store-week")).toEqual([]);
  await page.goBack();
  await until(
    () => strips().count(),
    (n) => n === 1,
  );
});

it("the sync under way reads the same above the list and in it, while it runs and when it has ended", async () => {
  await open("/activity/syncs");
  await heading("Activity: Syncs").waitFor();
  store.dutchie.setFaults([{ kind: "slow", ms: 900 }]);
  await button("Run full sync").click();
  await page.getByText("The sync has started.").waitFor();
  await page.getByRole("progressbar", { name: /^Full sync/ }).waitFor();
  const first = region("Sync history").getByRole("row").nth(1);
  await first.getByText("Running", { exact: true }).waitFor();
  store.dutchie.clearFaults();
  await page.getByText("No sync is running").waitFor({ timeout: 60_000 });
  await first.getByText("Completed", { exact: true }).waitFor();
  expect(await inspect(page, "store-syncs")).toEqual([]);
});

it("what changed is told as product, before and after, and why", async () => {
  store.sendWebhooks();
  const [item] = [...store.dutchie.world.packages.values()].filter(({ rooms }) => rooms.length === 1);
  if (item === undefined) throw new Error("The store has no package in one room.");
  await link("Changes").click();
  await heading("Activity: Changes").waitFor();
  store.dutchie.setPackage(item.id, { quantity: 4711 });
  const row = page.getByRole("row").filter({ hasText: "4,711" });
  await row.getByText(/Quantity:/).waitFor();
  const name = store.dutchie.world.products.get(item.productId)?.name.trim() ?? "";
  await row.getByRole("link", { name }).waitFor();
  expect(await row.getByText(/^inv_/).isVisible()).toBe(false);
  await row.getByText("Technical details").click();
  await row.getByText(/^inv_/).waitFor();
  expect(await inspect(page, "store-changes")).toEqual([]);
  await row.getByRole("link", { name: "Dutchie told it" }).first().click();
  await panel().getByRole("heading", { name: "Stock changed" }).waitFor();
  await expect.poll(() => page.url()).toContain("/activity/webhooks?webhook=");
});

it("a webhook shows what became of it and its message, and is applied again", async () => {
  await panel().getByText("Applied", { exact: true }).waitFor();
  expect(await panel().getByRole("region", { name: "The message" }).isVisible()).toBe(false);
  await panel().getByText("Technical details").click();
  await panel().getByRole("region", { name: "The message" }).waitFor();
  expect(await inspect(page, "webhook")).toEqual([]);
  await button("Apply it again").click();
  await page.getByText("The webhook is being applied again").waitFor();
  await button("Close").click();
  await page.getByLabel("Outcome").selectOption("invalid");
  await page.getByText("No webhook has this outcome").waitFor();
  await expect.poll(() => page.url()).toContain("outcome=invalid");
  await button("Show all webhooks").click();
  await page.getByRole("cell", { name: "Stock changed" }).first().waitFor();
  expect(await inspect(page, "store-webhooks")).toEqual([]);
});

it("the delay of webhooks is a chart whose figures lead to the slowest of them", async () => {
  await link("Overview").click();
  const delay = region("Webhook delay");
  await delay.getByText(/half within .* s, 95% within .* s/).waitFor();
  await delay.getByText(/last \d+ webhooks?\. Times in America\/Denver/).waitFor();
  await delay.getByText("Show as a table").click();
  await delay.getByRole("table").getByRole("link").first().click();
  await panel().waitFor();
  await expect.poll(() => page.url()).toContain("webhook=");
});

it("a failure has its action beside it, and no figure speaks against it", async () => {
  store.dutchie.setFaults([{ kind: "expiredKey" }]);
  await open();
  await store.sync("full");
  await page.getByText("Failing", { exact: true }).waitFor();
  const enter = page.getByRole("link", { name: /^Enter new key/ });
  expect(await enter.getAttribute("href")).toBe(`/stores/${store.id}/settings`);
  expect(
    await page
      .getByRole("main")
      .getByText(/(^|\s)0 ?%/)
      .count(),
  ).toBe(0);
  expect(await inspect(page, "store-failing")).toEqual([]);
  // The inbox offers the same as the store: another page would only lead there.
  await page.goto(`${stage.api.url}/inbox?store=${store.id}#token=${token}`);
  await page.getByText("A sync failed", { exact: true }).first().click();
  expect(await link("Enter new key").getAttribute("href")).toBe(`/stores/${store.id}/settings`);
  const manager = await developmentToken({ retailer_id: "e2e", role: "manager" });
  const other = await openPage(browser);
  await other.page.goto(`${stage.api.url}/inbox?store=${store.id}#token=${manager}`);
  await other.page.getByText("A sync failed", { exact: true }).first().click();
  await other.page.getByText("Ask an admin to enter a new key.").waitFor();
  await closeContext(other.context);
  await open();
  store.dutchie.clearFaults();
  await store.sync("full");
  await page.getByText("Failing", { exact: true }).waitFor({ state: "detached" });
  await enter.waitFor({ state: "detached" });
});

it("a list shows what is chosen, also where it does not offer that", async () => {
  await stage.api.call("PATCH", `/v1/locations/${store.id}`, { time_zone: "US/Mountain" });
  await open("/settings");
  expect(await page.getByLabel("Time zone", { exact: true }).inputValue()).toBe("US/Mountain");
  await stage.api.call("PATCH", `/v1/locations/${store.id}`, { time_zone: "America/Denver" });
  await page.goto(`${stage.api.url}/inbox?store=loc_gone#token=${token}`);
  expect(await page.getByLabel("Store", { exact: true }).inputValue()).toBe("loc_gone");
});

it("a comparison finds a difference, shows it, and corrects it when a person says so", async () => {
  const [product] = [...store.dutchie.world.products.values()];
  if (product === undefined) throw new Error("The store is empty.");
  // ReUp's value is wrong and not in flight, because Dutchie changed nothing.
  await stage.query(
    "RECORDS_00",
    `update products set unit_price = 4711.25
    where location_id = '${store.id}' and dutchie_product_id = '${product.id}' returning 1`,
  );
  await open("/activity/syncs");
  await button("Compare with Dutchie").click();
  // The tests before may have spent what the key may ask in this minute.
  await button("Show 1 difference").click({ timeout: 90_000 });
  await page.getByRole("table", { name: "Differences" }).getByRole("cell", { name: "4,711.25" }).waitFor();
  await expect.poll(() => page.url()).toContain("differences=true");
  expect(await inspect(page, "store-differences")).toEqual([]);
  const synced = region("Accuracy").getByText("A sync has run since then, and may have corrected some of it");
  expect(await synced.count()).toBe(0);
  await store.sync("incremental");
  await synced.waitFor();
  await button("Correct the differences").click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Correct the differences" }).click();
  await page.getByText("Corrected: 1 difference").waitFor({ timeout: 90_000 });
  expect(await synced.count()).toBe(0);
  expect(await store.differences()).toEqual([]);
});

it("the accuracy and its report stay after more than a hundred further syncs", async () => {
  const { accuracy, last_run } = await status();
  const ended = Date.parse(accuracy.checked_at) + 60_000;
  const ids = Array.from({ length: 120 }, (_, i) => newRunId(ended + i, "00000000"));
  await stage.query(
    "RECORDS_00",
    `insert into runs select location_id, j.value, 'incremental', 'schedule', 'completed', ${ended}, ${ended}, 0, 0, 0,
    json_set(document, '$.run_id', j.value, '$.mode', 'incremental', '$.trigger', 'schedule', '$.verification', null)
    from runs, json_each('${JSON.stringify(ids)}') j
    where location_id = '${store.id}' and run_id = '${last_run.run_id}' returning 1`,
  );
  await page.reload();
  await region("Sync history").getByText("Check for changes").first().waitFor();
  await region("Accuracy").getByText("of ReUp equalled Dutchie").waitFor();
  await region("Accuracy").getByRole("table", { name: "Accuracy by kind of data" }).waitFor();
  await button("Next page").click();
  await page.getByText("Page 2", { exact: true }).waitFor();
  await until(
    () => page.evaluate<number>("scrollY"),
    (y) => y === 0,
  );
  await region("Sync history").getByRole("link").first().click();
  await panel().waitFor();
  await expect.poll(() => page.url()).toMatch(/page=2.*sync=run_/);
  await page.keyboard.press("Escape");
  await page.getByText("Page 2", { exact: true }).waitFor();
  await page.goBack();
  await page.goBack();
  await page.goBack();
  await page.getByText("Page 1", { exact: true }).waitFor();
});

it("an edit on its way to Dutchie is listed, and what it needs of a person leads to the inbox", async () => {
  await link("Edits").click();
  await page.getByText("Nothing is sent to Dutchie: this store syncs one way").waitFor();
  expect(await inspect(page, "store-edits-one-way")).toEqual([]);
  await stage.api.call("PATCH", `/v1/locations/${store.id}`, { settings: { direction: "bidirectional" } });
  const { data } = await store.get<{ data: { product_id: string; source: string; unit_price: number | null }[] }>(
    "/products?limit=100",
  );
  const product = data.find(({ source, unit_price }) => source === "dutchie" && unit_price !== null);
  if (product === undefined) throw new Error("No product has a price.");
  const price = (unit_price: number) =>
    stage.api.call("PATCH", `/v1/locations/${store.id}/products/${product.product_id}`, { unit_price });
  await price(47.11);
  const accepted = page.getByRole("row").filter({ hasText: "→ $47.11" });
  await accepted.getByText("Accepted", { exact: true }).waitFor();
  store.dutchie.setFaults([{ kind: "refuseWrite", body: { message: "The price is too low", propertyErrors: null } }]);
  await price(1);
  const refused = page.getByRole("row").filter({ hasText: "→ $1.00" });
  await refused.getByText("Not taken", { exact: true }).waitFor();
  const again = refused.getByRole("link", { name: "Send it again in the inbox" }).last();
  expect(await again.getAttribute("href")).toBe(`/inbox?store=${store.id}`);
  expect(await inspect(page, "store-edits")).toEqual([]);
  store.dutchie.clearFaults();
});

it.each([
  ["changes", "changes"],
  ["edits", "pushes"],
  ["webhooks", "events"],
  ["syncs", "syncs"],
])("a later page of %s that is empty does not say that there is nothing, and leads back", async (list, resource) => {
  await page.route(`**/${resource}?*cursor=*`, (route) => route.fulfill({ json: { data: [], next_cursor: null } }));
  await open(`/activity/${list}?page=2&after=gone`);
  await page.getByText("Nothing is on this page any more.").waitFor();
  await page.getByText("Page 2", { exact: true }).waitFor();
  await button("Previous page").click();
  await page.getByText("Nothing is on this page any more.").waitFor({ state: "detached" });
  await page.waitForURL((url) => !url.searchParams.has("page"));
  await stopAnswering(page);
});

it("while ReUp is away, the page says from when it is, and a settings page that was not saved says so in sight", async () => {
  let isAway = false;
  await page.route("**/v1/**", (route) =>
    isAway || route.request().url().includes("/status/stream") ? route.abort("connectionrefused") : route.continue(),
  );
  await page.goto(`${stage.api.url}/stores/${store.id}/settings`);
  await heading("Settings").waitFor();
  await page.getByText("Not live. Updated every 5 seconds.").waitFor();
  isAway = true;
  await page.getByText(/ReUp does not give new figures now. What you see is from .+ ago/).waitFor();
  expect(await page.getByRole("status").locator("time").getAttribute("aria-live")).toBe("off");
  await page.getByLabel("Low stock").fill("9");
  await page.evaluate("scrollTo(0, 0)");
  await button("Save changes").click();
  const told = page.getByText("The settings were not saved");
  await told.waitFor();
  const { y = -1, height = 0 } = (await told.boundingBox()) ?? {};
  expect(y).toBeGreaterThan(0);
  expect(y + height).toBeLessThan(page.viewportSize()?.height ?? 0);
  isAway = false;
  await button("Save changes").click();
  await page.getByText("Saved. The next sync uses it.").waitFor();
  await stopAnswering(page);
});

it("a next sync whose time has passed is due, never some minutes ago", async () => {
  await page.route("**/status/stream*", (route) => route.abort());
  await page.route(`**/v1/locations/${store.id}/status`, async (route) => {
    const response = await route.fetch();
    const answer = (await response.json()) as object;
    const past = new Date(Date.now() - 4 * 60_000).toISOString();
    await route.fulfill({ response, json: { ...answer, next_sync_at: past, current_run: null } });
  });
  await open();
  await page.reload();
  await region("The store at a glance").getByText("Due now").waitFor();
  expect(await page.getByText("4 minutes ago").count()).toBe(0);
  await stopAnswering(page);
  // The browser itself says that the stream was refused.
  expect(complaints.filter((text) => !text.includes("ERR_FAILED"))).toEqual([]);
});
