import { setTimeout as pause } from "node:timers/promises";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { developmentToken } from "../../scripts/support/development-token.ts";
import { type RunningSimulator, serveSimulator } from "../../simulator/http/serve.ts";
import { Stage } from "../e2e/support.ts";
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
