import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { developmentToken } from "../../scripts/support/development-token.ts";
import { Stage } from "../e2e/support.ts";
import { closeBrowser, inspect, openBrowser, openPage } from "./support.ts";

// How the pages come to the browser: signing in, and the files.

/** Bytes, compressed: what a phone loads before the first page shows (220 KB). */
const FIRST_LOAD = 220 * 1024;

let stage: Stage;
let browser: Browser;

beforeAll(async () => {
  [stage, browser] = await Promise.all([Stage.open(), openBrowser()]);
});
afterAll(async () => {
  await closeBrowser(browser);
  await stage?.close();
});

it("the pages ask for a token, and accept one from the address", async () => {
  const { page, complaints } = await openPage(browser);
  await page.goto(stage.api.url);
  await page.getByRole("heading", { level: 1, name: "Sign in" }).waitFor();
  expect(await inspect(page, "sign-in")).toEqual([]);
  await page.getByRole("textbox", { name: "Access token" }).fill("no token");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByText("This is not a token.").waitFor();
  await page.getByRole("textbox", { name: "Access token" }).fill("no.valid.token");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByText("You are signed out").waitFor();

  const token = await developmentToken({ retailer_id: "e2e", role: "admin" });
  await page.goto(`${stage.api.url}/#token=${token}`);
  await page.getByText("No store is connected yet").waitFor();
  expect(page.url()).not.toContain("token");
  expect(complaints).toEqual([]);
});

it("the files are hashed, cached, small and under their own policy", async () => {
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
  expect(bytes).toBeLessThan(FIRST_LOAD);
  expect((await fetch(`${stage.api.url}/v1/locations`)).status).toBe(401);
});
