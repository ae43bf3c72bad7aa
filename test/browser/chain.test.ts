import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { openChain } from "../../scripts/start/chain.ts";
import { checkChain } from "../../scripts/start/chain-check.ts";
import { Machine, signedIn } from "../../scripts/start/machine.ts";
import type { Api } from "../../scripts/support/api.ts";
import { closeBrowser, closeContext, inspect, openBrowser, openPage } from "./support.ts";

// What `npm start -- --stores 12` opens: twelve real stores in different states. The README's main pictures are of it.

const machine = new Machine();
let api: Api;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  browser = await openBrowser();
  api = await openChain(machine, {});
  expect(await checkChain(api)).toBe(true);
}, 420_000);
afterAll(async () => {
  await closeBrowser(browser);
  await machine.end();
});

beforeEach(async () => {
  ({ page, context, complaints } = await openPage(browser));
  page.setDefaultTimeout(30_000);
});
afterEach(async () => {
  await closeContext(context);
  expect(complaints).toEqual([]);
});

const open = async (path: string) => page.goto(await signedIn(api.url + path));
const row = (name: string) => page.getByRole("row").filter({ has: page.getByRole("link", { name, exact: true }) });

it("each store says in words what it needs, and none shows a code or a path", async () => {
  await open("/");
  await page.getByText("5 of 11 stores need you.").waitFor();
  for (const [name, action] of [
    ["Durango", "Answer 3 questions"],
    ["Englewood", "Review packages"],
    ["Fort Collins", "Enter new key"],
    ["Highlands", "Sync now"],
    ["Trinidad", "Run first sync"],
  ] as const) {
    await row(name).getByText(action, { exact: true }).waitFor();
  }
  await row("Golden").getByText("ReUp tries again by itself").waitFor();
  await row("Lakewood").getByText("Waiting for Dutchie", { exact: true }).waitFor();
  await row("Redstone").getByText("Nothing: the first sync is under way.").waitFor();
  expect(await page.getByRole("table").textContent()).not.toMatch(/\(\d{3}|\/(whoami|reporting|room)|[A-Z]{6}/);
  expect(await inspect(page, "chain-fleet")).toEqual([]);
  await page.getByRole("button", { name: /^Disconnected/ }).click();
  const pueblo = page.getByRole("row").filter({ hasText: "Pueblo" });
  await pueblo.getByRole("link", { name: "Reconnect: Pueblo" }).waitFor();
});

it("the inbox has the questions, failed messages and edits of all stores", async () => {
  await open("/inbox");
  const list = page.getByRole("list", { name: "What waits for you" });
  await list.getByRole("link", { name: "Many packages are missing in Dutchie's list" }).click();
  await page.getByRole("table", { name: "Missing packages" }).waitFor();
  await list
    .getByRole("link", { name: /Several products have the SKU/ })
    .first()
    .waitFor();
  await list
    .getByRole("link", { name: /was not taken|did not take/ })
    .first()
    .waitFor();
  expect(await inspect(page, "chain-inbox")).toEqual([]);
});

it("a store at work shows its sales and its last sync", async () => {
  await open("/");
  await row("Alameda").getByRole("link", { name: "Alameda", exact: true }).click();
  await page.getByRole("region", { name: "Sales", exact: true }).locator("svg.recharts-surface").first().waitFor();
  await page.getByRole("region", { name: "The store at a glance" }).getByText("100%", { exact: true }).waitFor();
  // Where the pointer is, a chart shows its figures.
  await page.mouse.move(0, 0);
  expect(await inspect(page, "chain-store")).toEqual([]);
});
