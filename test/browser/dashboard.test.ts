import { setTimeout as pause } from "node:timers/promises";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { developmentToken } from "../../scripts/support/development-token.ts";
import { type RunningSimulator, serveSimulator } from "../../simulator/http/serve.ts";
import { Stage, until } from "../e2e/support.ts";
import { inspect, openBrowser, openPage } from "./support.ts";

// One store from sign-in to disconnect, as a person goes through it. Each test continues where the previous one ended.

let stage: Stage;
let dutchie: RunningSimulator;
let browser: Browser;
let page: Page;
let complaints: string[];
const location_id = "";

beforeAll(async () => {
  [stage, dutchie, browser] = await Promise.all([
    Stage.open(),
    serveSimulator({ size: 600, seed: 7, salesDays: 20, limits: "off", profiles: ["pos"] }),
    openBrowser(),
  ]);
  ({ page, complaints } = await openPage(browser));
});

afterAll(async () => {
  await browser?.close();
  await Promise.all([stage?.close(), dutchie?.close()]);
});

const heading = (name: string | RegExp) => page.getByRole("heading", { level: 1, name });
const button = (name: string | RegExp) => page.getByRole("button", { name, exact: typeof name === "string" });
const tab = (name: string | RegExp) => page.getByRole("tab", { name });

it("the dashboard asks for a token, and accepts one from the address", async () => {
  await page.goto(stage.api.url);
  await heading("Sign in").waitFor();
  expect(await inspect(page, "sign-in")).toEqual([]);
  await page.getByRole("textbox", { name: "Access token" }).fill("no.valid.token");
  await button("Sign in").click();
  await page.getByText("You are signed out").waitFor();

  const token = await developmentToken({ retailer_id: "e2e", role: "admin" });
  await page.goto(`${stage.api.url}/#token=${token}`);
  await heading("Stores").waitFor();
  expect(page.url()).not.toContain("token");
  await page.getByText("No store is connected yet").waitFor();
});

it("records are shown page by page, with the reasons of their state", async () => {
  await tab("Records").click();
  await heading("Records").waitFor();
  const rows = page.getByRole("row");
  await page.getByRole("cell").first().waitFor();
  expect(await rows.count()).toBe(51);
  const first = (await page.getByRole("cell").first().textContent()) ?? "";
  expect(await inspect(page, "records")).toEqual([]);
  await button("Next page").click();
  await page.getByText("Page 2").waitFor();
  expect(await page.getByRole("cell").first().textContent()).not.toBe(first);
  await page.getByLabel("Search").fill(first);
  await page.getByText("Page 1", { exact: true }).waitFor();
  await page.getByRole("cell").first().getByRole("button", { name: first }).click();
  await page.getByRole("heading", { name: "Why is this so?" }).waitFor();
  await page.getByRole("heading", { name: /^Quantity/ }).waitFor();
  expect(await inspect(page, "product")).toEqual([]);
  await button("Close").click();
  await page.getByLabel("Search").fill("");
  await page.getByRole("combobox", { name: "Category" }).click();
  const largest = page.getByRole("option").first();
  const [, category = "", n = ""] = /^(.*) \(([\d,]+)\)$/.exec((await largest.textContent()) ?? "") ?? [];
  await largest.click();
  await page.getByRole("row").filter({ hasNotText: category }).nth(1).waitFor({ state: "detached" });
  expect(await rows.count()).toBe(1 + Math.min(50, Number(n.replace(",", ""))));
  const [file] = await Promise.all([page.waitForEvent("download"), button("Download CSV").click()]);
  expect(file.suggestedFilename()).toBe("products.csv");
  for (const kind of ["Inventory", "Sales"]) {
    await page.getByText(kind, { exact: true }).last().click();
    await page.getByRole("table", { name: kind.toLowerCase() }).waitFor();
    expect(await inspect(page, kind.toLowerCase())).toEqual([]);
  }
});

it("the page shows what sells, and how customers return once they are kept", async () => {
  await tab("Insights").click();
  await heading("Insights").waitFor();
  await page
    .getByRole("figure", { name: /^Revenue by day/ })
    .locator("svg")
    .first()
    .waitFor();
  const { totals } = await stage.api.get<{ totals: { sales: number } }>(`/v1/locations/${location_id}/insights/sales`);
  await page.getByText(totals.sales.toLocaleString("en-US"), { exact: true }).first().waitFor();
  await page.getByRole("table", { name: "Slow products in stock" }).waitFor();
  expect(await inspect(page, "insights-sales")).toEqual([]);
  await page.getByText("Customers", { exact: true }).click();
  await page.getByText("Customer insights are switched off").waitFor();
  expect(await inspect(page, "insights-off")).toEqual([]);

  await page.getByRole("link", { name: "settings" }).click();
  await heading("Settings").waitFor();
  await page.getByText("Switching it off deletes all pseudonyms").waitFor();
  await page.getByRole("checkbox", { name: "Customers" }).check();
  await button("Save sync settings").click();
  await page.getByText("Saved").first().waitFor();
  const { run_id } = await stage.api.call<{ run_id: string }>("POST", `/v1/locations/${location_id}/syncs`, {
    mode: "full",
  });
  await until(
    () => stage.api.get<{ state: string }>(`/v1/locations/${location_id}/syncs/${run_id}`),
    ({ state }) => state.startsWith("completed"),
    60_000,
  );
  await tab("Insights").click();
  await page.getByText("Customers", { exact: true }).click();
  await page
    .getByRole("figure", { name: /^Spend per customer: half up to \$/ })
    .locator("svg")
    .first()
    .waitFor();
  await page.getByText("7 days", { exact: true }).click();
  const week = await until(
    () => page.getByText(/^\d{4}-\d\d-\d\d to \d{4}-\d\d-\d\d, in the time zone/).textContent(),
    (text) => {
      const [from = "", to = ""] = text?.match(/\d{4}-\d\d-\d\d/g) ?? [];
      return Date.parse(to) - Date.parse(from) === 6 * 86_400_000;
    },
  );
  expect(week).toContain("Computed once a day");
  await page.getByRole("table", { name: "Customers who came again, by month" }).waitFor();
  expect(await inspect(page, "insights-customers")).toEqual([]);
});

it("settings are shown", async () => {
  await tab("Settings").click();
  await heading("Settings").waitFor();
  await page.getByText("ReUp knows every word of your rooms and categories.").waitFor();
  await button("Show all words").click();
  await page
    .getByText(/, now Vault$/)
    .first()
    .waitFor();
  expect(await inspect(page, "settings")).toEqual([]);
  await page
    .getByRole("textbox", { name: "Frequency" })
    .or(page.getByRole("combobox", { name: "Frequency" }))
    .first()
    .click();
  await page.getByRole("option", { name: "Hourly" }).click();
  await button("Save sync settings").click();
  await page.getByText("Saved").first().waitFor();
  const { settings } = await stage.api.get<{ settings: { frequency: string } }>(`/v1/locations/${location_id}`);
  expect(settings.frequency).toBe("hourly");
});

it("the dashboard's files are hashed, cached, small and under their own policy", async () => {
  const index = await fetch(`${stage.api.url}/stores/anything`);
  expect(index.headers.get("content-security-policy")).toContain("script-src 'self'");
  const html = await index.text();
  expect(html).not.toMatch(/<script(?![^>]* src=)/);
  const files = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, file]) => file ?? "");
  let bytes = 0;
  for (const file of files) {
    const response = await fetch(stage.api.url + file);
    expect(response.headers.get("cache-control")).toContain("immutable");
    bytes += new Uint8Array(
      await new Response((await response.blob()).stream().pipeThrough(new CompressionStream("gzip"))).arrayBuffer(),
    ).length;
  }
  expect(files.length).toBeGreaterThan(1);
  expect(bytes).toBeLessThan(250 * 1024);
  expect((await fetch(`${stage.api.url}/v1/locations`)).status).toBe(401);
});

it("a refused token signs out, and no page had an error", async () => {
  await button("Sign out").click();
  await heading("Sign in").waitFor();
  await pause(200);
  expect(complaints).toEqual([]);
});
