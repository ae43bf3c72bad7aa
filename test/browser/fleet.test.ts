import { readFile } from "node:fs/promises";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { developmentToken } from "../../scripts/support/development-token.ts";
import { Stage } from "../e2e/support.ts";
import { chain, type FakeStore, fakeStore, hoursAgo, serveFleet } from "./fleet-world.ts";
import { closeBrowser, closeContext, inspect, openBrowser, openPage, stopAnswering, violations } from "./support.ts";

// What an operations manager sees in the morning. The stores' states are given, for real ones would take hours to reach.

let stage: Stage;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let complaints: string[];
let stores: FakeStore[] = [];
let started: string[];

beforeAll(async () => {
  [stage, browser] = await Promise.all([Stage.open(), openBrowser()]);
});
afterAll(async () => {
  await closeBrowser(browser);
  await stage?.close();
});

beforeEach(async () => {
  stores = chain();
  ({ page, context, complaints } = await openPage(browser));
  page.setDefaultTimeout(8_000);
  ({ started } = await serveFleet(page, () => stores));
});
afterEach(async () => {
  await closeContext(context);
  expect(complaints).toEqual([]);
});

async function open(role: "viewer" | "manager" | "admin" = "admin", path = "/"): Promise<void> {
  await page.goto(`${stage.api.url}${path}#token=${await developmentToken({ retailer_id: "e2e", role })}`);
  await page.getByRole("heading", { level: 1, name: "Stores" }).waitFor();
}

const counter = (name: string) => page.getByRole("button", { name: new RegExp(`^${name}`) });
const row = (name: string) => page.getByRole("row").filter({ has: page.getByRole("link", { name, exact: true }) });
const names = () => page.getByRole("row").locator("td .font-semibold a").allTextContents();
const button = (name: string) => page.getByRole("button", { name, exact: true });

it("one sentence says how many stores need a person; what waits for Dutchie needs nobody", async () => {
  await open();
  await page.getByText("4 of 12 stores need you.").waitFor();
  expect((await names()).slice(0, 5)).toEqual(["Alameda", "Birch", "Cedar", "Dogwood", "Elm"]);
  expect(await inspect(page, "fleet")).toEqual([]);
});

it("each store has its one action, and a retry never hides a failure", async () => {
  await open();
  const alameda = row("Alameda");
  await alameda.getByText("Failing", { exact: true }).waitFor();
  // No codes and no paths.
  await alameda.getByText("Dutchie does not accept the API key. Create a new key").waitFor();
  await alameda.getByText("Syncing now").waitFor();
  await alameda.getByText("2 hours ago").waitFor();
  await alameda.getByRole("img", { name: /succeeded in 20, failed in 2, 2 without/ }).waitFor();
  const enter = alameda.getByRole("link", { name: "Enter new key: Alameda" });
  expect(await enter.getAttribute("href")).toBe("/stores/loc_6/settings");
  await row("Birch").getByText("ReUp tries again by itself").waitFor();
  const review = row("Dogwood").getByRole("link", { name: "Review packages: Dogwood" });
  expect(await review.getAttribute("href")).toBe("/inbox?store=loc_9");
  await row("Cedar").getByText("99.67%").waitFor();
  await row("Store 001").getByText("100%", { exact: true }).waitFor();
  await row("Elm").getByText("never read").waitFor();
  await row("Elm").getByRole("button", { name: "Run first sync: Elm" }).click();
  await page.getByText("The sync has started.").waitFor();
  expect(started).toEqual(["loc_10 initial"]);
});

it("what a comparison found is corrected by another one: no other sync ends its alert", async () => {
  const message = "The last comparison found 99.20 % of the records equal to Dutchie.";
  const problem = { code: "DRIFT", message, action: "run_sync", since: hoursAgo(3) };
  stores.push(fakeStore(13, { name: "Hazel", health: "needs_decision", problem }));
  await open();
  const correct = row("Hazel").getByRole("button", { name: "Correct the differences: Hazel" });
  await correct.press("Enter");
  await page.getByText("The sync has started.").waitFor();
  // A button that is busy or off keeps the focus: without it, the keyboard begins at the top of the page.
  expect(await correct.and(page.locator(":focus")).count()).toBe(1);
  expect(started).toEqual(["loc_13 verify heal"]);
  // The figure stays as it was compared, so it says what was done since.
  stores.splice(
    0,
    13,
    fakeStore(13, { name: "Hazel", accuracy: { value: 0.53, checked_at: hoursAgo(0), healed: 940 } }),
  );
  await page.reload();
  await row("Hazel").getByText("53%940 corrected", { exact: true }).waitFor();
});

it("rows that could not be read are no difference that ReUp can correct: the page leads to them instead", async () => {
  const message = "The last comparison found 99.20 % of the records equal to Dutchie. 3 rows could not be read.";
  const problem = { code: "DRIFT", message, action: "review", since: hoursAgo(3) };
  const accuracy = { value: 0.992, checked_at: hoursAgo(3), healed: 0, correctable: 0 };
  stores.push(fakeStore(13, { name: "Hazel", health: "needs_decision", problem, accuracy }));
  const alert = {
    alert_id: "alr_drift",
    location_id: "loc_13",
    rule: "drift",
    state: "firing",
    severity: "warning",
    message,
    started_at: hoursAgo(3),
    resolved_at: null,
    acknowledged_at: null,
    acknowledged_by: null,
    acknowledged_reason: null,
  };
  await page.route("**/v1/alerts?*", (route) => route.fulfill({ json: { data: [alert], next_cursor: null } }));
  await open();
  const see = row("Hazel").getByRole("link", { name: "See what could not be read: Hazel" });
  expect(await see.getAttribute("href")).toBe("/stores/loc_13/activity/syncs?differences=true");
  await page.getByRole("link", { name: /^Inbox/ }).click();
  await page.getByRole("link", { name: "See what could not be read" }).waitFor();
  expect(await page.getByRole("button", { name: "Correct the differences" }).count()).toBe(0);
});

it("while a database of records is away, its stores are not asked one by one, and both pages say what is missing", async () => {
  stores.push(...Array.from({ length: 300 }, (_, n) => fakeStore(100 + n, { open_reviews: null })));
  const asked: string[] = [];
  await page.route(/\/v1\/locations\/\w+\/reviews/, (route) => {
    asked.push(/loc_\d+/.exec(route.request().url())?.[0] ?? "");
    return route.fulfill({ json: { data: [], next_cursor: null } });
  });
  await open();
  await page.getByText("4 of 312 stores need you.").waitFor();
  await page.getByText("ReUp cannot read the decisions of 301 stores at the moment").waitFor();
  await page.getByRole("link", { name: /^Inbox/ }).click();
  await page.getByText(/^The decisions of these stores are missing: Ginkgo, .+ and 296 more$/).waitFor();
  expect([...new Set(asked)]).toEqual(["loc_9"]);
});

it("a store whose shelf is at stake comes before others that need a decision, also those that wait longer", async () => {
  const problem = { code: "OPEN_REVIEWS", message: "1 question waits.", action: "review", since: hoursAgo(90) };
  stores.push(fakeStore(13, { name: "Aspen", health: "needs_decision", open_reviews: 1, problem }));
  await open();
  await row("Aspen").waitFor();
  expect((await names()).slice(2, 5)).toEqual(["Cedar", "Dogwood", "Aspen"]);
});

it("when ReUp does not answer, the page says from when its stores are, and their data grows older", async () => {
  await page.clock.install();
  await open();
  await row("Alameda").getByText("2 h", { exact: true }).waitFor();
  await page.route(/\/v1\/status(\?.*)?$/, (route) => route.abort("connectionrefused"));
  await page.clock.runFor(11_000);
  await page.getByText("Your stores could not be loaded").waitFor();
  await page.clock.fastForward(3 * 3_600_000);
  await page.getByText(/What you see was loaded 3 hours ago/).waitFor();
  // It grows older, and is not read out each time.
  expect(await page.getByRole("alert").locator("time").getAttribute("aria-live")).toBe("off");
  await row("Alameda").getByText("5 h", { exact: true }).waitFor();
});

it("a request that is never answered shows no old figures as new, and is asked again", async () => {
  await page.clock.install();
  await open();
  await row("Alameda").getByText("2 h", { exact: true }).waitFor();
  let hangs = true;
  // Nobody answers it.
  await page.route(/\/v1\/status(\?.*)?$/, (route) => (hangs ? undefined : route.fallback()));
  const lost = page.waitForRequest(/\/v1\/status$/);
  await page.clock.runFor(11_000);
  await lost;
  await page.clock.runFor(31_000);
  await page.getByText("Your stores could not be loaded").waitFor();
  hangs = false;
  await page.clock.runFor(61_000);
  await page.getByText("Your stores could not be loaded").waitFor({ state: "detached" });
});

it("a page that slept shows how old its figures are until the new ones have come", async () => {
  await page.clock.install();
  await open();
  await row("Alameda").getByText("2 h", { exact: true }).waitFor();
  await page.route(/\/v1\/status(\?.*)?$/, () => undefined);
  await page.clock.fastForward(3 * 3_600_000);
  await row("Alameda").getByText("5 h", { exact: true }).waitFor();
});

it("after a long outage the page finds ReUp again by itself, and never asks before it may", async () => {
  await page.clock.install();
  await open();
  let state: "busy" | "away" | "back" = "busy";
  let asked = 0;
  await page.route(/\/v1\/status(\?.*)?$/, (route) => {
    asked++;
    if (state === "back") return route.fallback();
    const error = { code: state === "busy" ? "RATE_LIMITED" : "UNAVAILABLE", message: "Not now.", details: {} };
    if (state === "away") return route.fulfill({ status: 503, json: { error } });
    return route.fulfill({ status: 429, headers: { "retry-after": "300" }, json: { error } });
  });
  const problem = page.getByText("Your stores could not be loaded");
  await page.clock.runFor(11_000);
  await problem.waitFor();
  await page.clock.runFor(290_000);
  expect(asked).toBe(1);
  state = "away";
  const later = (seconds: number) => page.clock.runFor(seconds * 1_000);
  const tries = async () => {
    await later(20);
    return asked;
  };
  await expect.poll(tries, { timeout: 60_000 }).toBeGreaterThan(8);
  state = "back";
  const told = async () => {
    await later(20);
    return problem.count();
  };
  await expect.poll(told, { timeout: 60_000 }).toBe(0);
});

it("a page whose file cannot be loaded says so, leaves the others, and is there once it is loaded again", async () => {
  await open();
  await page.route("**/assets/inbox*.js", (route) => route.abort("connectionrefused"));
  await page.getByRole("link", { name: /^Inbox/ }).click();
  await page.getByText("This part of the page could not be shown").waitFor();
  expect(await violations(page)).toEqual([]);
  await page.getByRole("link", { name: "Stores", exact: true }).click();
  await row("Alameda").waitFor();
  await stopAnswering(page);
  await page.getByRole("link", { name: /^Inbox/ }).click();
  await button("Load the page again").press("Enter");
  await page.getByRole("heading", { level: 1, name: "Inbox" }).waitFor();
  // The browser's log has the cause.
  expect(complaints.join()).toContain("dynamically imported module");
  complaints.length = 0;
});

it("names of any length and direction leave room for the rest", async () => {
  stores.push(
    fakeStore(13, { name: "W".repeat(200) }),
    fakeStore(14, { name: "متجر القنب الأخضر — شارع الرئيسي 12 (Main St)" }),
  );
  await open();
  const health = row("W".repeat(200)).getByText("Healthy", { exact: true });
  const { x = 0 } = (await health.boundingBox()) ?? {};
  expect(x).toBeGreaterThan(0);
  expect(x).toBeLessThan(400);
  expect(await inspect(page, "fleet-names")).toEqual([]);
});

it("counters filter, the address says so, and Back shows all again", async () => {
  await open();
  await counter("Failing").click();
  await row("Cedar").waitFor({ state: "detached" });
  expect(await names()).toEqual(["Alameda", "Birch"]);
  await expect.poll(() => page.url()).toContain("health=failing");
  await page.reload();
  await row("Alameda").waitFor();
  expect(await names()).toEqual(["Alameda", "Birch"]);
  await page.goBack();
  await row("Cedar").waitFor();
  expect(await counter("Failing").getAttribute("aria-pressed")).toBe("false");
});

it("a large chain is not asked store by store: the inbox lists some, counts all, and lists more when asked", async () => {
  stores.push(...Array.from({ length: 300 }, (_, n) => fakeStore(100 + n, { open_reviews: 2 })));
  const asked = new Set<string>();
  await page.route(/\/v1\/locations\/\w+\/reviews/, (route) => {
    asked.add(/loc_\d+/.exec(route.request().url())?.[0] ?? "");
    return route.fulfill({ json: { data: [], next_cursor: null } });
  });
  await page.goto(`${stage.api.url}/inbox#token=${await developmentToken({ retailer_id: "e2e", role: "admin" })}`);
  await page.getByText("522 decisions of 261 more stores are not listed yet").waitFor();
  await expect.poll(() => asked.size).toBe(40);
  // Stock that would become zero is read first.
  expect(asked).toContain("loc_9");
  expect(asked).not.toContain("loc_399");
  await page.getByText("522 things wait for you.").waitFor();
  await button("List more").click();
  await page.getByText("442 decisions of 221 more stores are not listed yet").waitFor();
  await expect.poll(() => asked.size).toBe(80);
  await page.getByLabel("Store", { exact: true }).selectOption("loc_399");
  await expect.poll(() => asked).toContain("loc_399");
});

it("a disconnected store needs nobody, has its own filter and its way back", async () => {
  await open();
  await row("Alameda").waitFor();
  expect(await counter("Disconnected").count()).toBe(0);
  const disconnected_at = new Date(Date.now() - 3 * 86_400_000).toISOString();
  stores.push(fakeStore(13, { name: "Hazel", health: "disconnected", disconnected_at }));
  await page.reload();
  await page.getByText("4 of 12 stores need you.").waitFor();
  expect(await page.getByText("Hazel").count()).toBe(0);
  await counter("Disconnected").click();
  const hazel = page.getByRole("row").filter({ hasText: "Hazel" });
  await hazel.getByText("3 days ago").waitFor();
  await expect.poll(() => page.url()).toContain("health=disconnected");
  expect(await hazel.getByRole("checkbox").count()).toBe(0);
  expect(await inspect(page, "fleet-disconnected")).toEqual([]);
  const reconnect = hazel.getByRole("link", { name: "Reconnect: Hazel" });
  expect(await reconnect.getAttribute("href")).toBe("/connect?location=loc_13");
  await reconnect.click();
  await page.getByRole("heading", { level: 1, name: "Reconnect Hazel" }).waitFor();
  // It keeps its name.
  expect(await page.getByLabel("Store name").count()).toBe(0);
  await page.evaluate("sessionStorage.clear()");
  await open("manager", "/?health=disconnected&q=hazel");
  await hazel.getByText("Ask an admin to reconnect it.").waitFor();
});

it("search finds words in any order, and the order of a column is in the address", async () => {
  await open();
  await page.getByLabel("Search stores").fill("003 store");
  await row("Alameda").waitFor({ state: "detached" });
  expect(await names()).toEqual(["Store 003"]);
  await page.getByLabel("Search stores").fill("nowhere");
  await page.getByText("No store fits the search").waitFor();
  await button("Show all stores").click();
  await button("Data age").click();
  await button("Data age").click();
  await page.locator("th[aria-sort=descending]").waitFor();
  expect((await names()).slice(0, 2)).toEqual(["Elm", "Cedar"]);
  await page.reload();
  await page.locator("th[aria-sort=descending]").waitFor();
  expect((await names()).slice(0, 2)).toEqual(["Elm", "Cedar"]);
});

it("several stores are synced at once, with the keyboard alone, and each answers for itself", async () => {
  await open();
  for (const name of ["Cedar", "Elm", "Fir"]) {
    await page.getByRole("checkbox", { name: `Choose ${name}` }).focus();
    await page.keyboard.press("Space");
  }
  await page.getByText("3 stores chosen").waitFor();
  expect(await inspect(page, "fleet-chosen")).toEqual([]);
  await button("Sync 3 stores").focus();
  await page.keyboard.press("Enter");
  await page.getByText("2 syncs have started. 1 store is syncing already.").waitFor();
  expect(started.sort()).toEqual(["loc_10 initial", "loc_11 incremental", "loc_8 incremental"]);
  await page.getByText("3 stores chosen").waitFor({ state: "detached" });
  // The bar is gone: the keyboard goes on where it stood.
  await page.locator("table:focus").waitFor();
});

it("the list is saved as it is shown, and no cell is a formula", async () => {
  stores[0] = fakeStore(1, { name: "=HYPERLINK(1)" });
  await open("viewer", "/?health=healthy");
  expect(await page.getByRole("checkbox").count()).toBe(0);
  const [file] = await Promise.all([page.waitForEvent("download"), button("Download CSV").click()]);
  const text = await readFile(await file.path(), "utf8");
  expect(text.split("\r\n")).toHaveLength(1 + 7);
  expect(text).toContain("'=HYPERLINK(1)");
  expect(text).not.toContain("Alameda");
});

it("of three hundred stores only those in sight are drawn", async () => {
  stores = Array.from({ length: 300 }, (_, i) => fakeStore(i + 1));
  await open();
  await row("Store 001").waitFor();
  expect(await page.getByRole("row").count()).toBeLessThan(60);
  await page.evaluate("scrollTo(0, document.body.scrollHeight)");
  await row("Store 300").waitFor();
  const head = await page.locator("thead th").first().boundingBox();
  expect(head?.y).toBeLessThan(1);
});

it("a store that was just connected is synced from here; when its key is refused, it says so until a read succeeds", async () => {
  await stopAnswering(page);
  page.setDefaultTimeout(30_000);
  const store = await stage.connect({ seed: 3, profiles: ["pos"] });
  await open();
  await page.getByText("Your store needs you.").waitFor();
  await button("Run first sync: Store").click();
  const read = row("Store")
    .getByText("Healthy", { exact: true })
    .or(row("Store").getByText("Needs a decision", { exact: true }));
  await read.waitFor();
  const { apiKey } = store.dutchie.config;
  store.dutchie.config.apiKey = "another-key";
  await store.sync("incremental");
  await row("Store").getByText("Failing", { exact: true }).waitFor();
  await row("Store").getByRole("link", { name: "Enter new key: Store" }).waitFor();
  await row("Store")
    .getByRole("img", { name: /failed in 1,/ })
    .waitFor();
  store.dutchie.config.apiKey = apiKey;
  await store.sync("incremental");
  await read.waitFor();
});
