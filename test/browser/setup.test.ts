import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, BrowserContext, Page, Response, Route } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { developmentToken } from "../../scripts/support/development-token.ts";
import { type RunningSimulator, serveSimulator } from "../../simulator/http/serve.ts";
import { Stage, until } from "../e2e/support.ts";
import { closeBrowser, inspect, openBrowser, openPage, stopAnswering, violations } from "./support.ts";

// A store from its first key to its last day. Each test continues where the previous one ended.

let stage: Stage;
let dutchie: RunningSimulator;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let complaints: string[];
let location_id = "";

beforeAll(async () => {
  [stage, dutchie, browser] = await Promise.all([
    Stage.open(),
    serveSimulator({ size: 60, seed: 7, salesDays: 5, limits: "off", profiles: ["pos"] }),
    openBrowser(),
  ]);
  ({ page, context, complaints } = await openPage(browser));
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const token = await developmentToken({ retailer_id: "e2e", role: "admin" });
  await page.goto(`${stage.api.url}/connect#token=${token}`);
});

afterAll(async () => {
  await closeBrowser(browser);
  await Promise.all([stage?.close(), dutchie?.close()]);
});

const heading = (name: string | RegExp) => page.getByRole("heading", { level: 1, name });
const button = (name: string) => page.getByRole("button", { name, exact: true });
const field = (name: string) => page.getByRole("textbox", { name });
const stored = () =>
  stage.api.get<{ name: string; settings: { frequency: string; overnight_hour: number; room_types: object } }>(
    `/v1/locations/${location_id}`,
  );

it("a wrong key is one message, at the key; a dead address is one message, at the address", async () => {
  await heading("Connect a store").waitFor();
  await field("Store name").fill("Green Door Main St");
  await field("Dutchie API endpoint").fill(dutchie.url);
  await field("API key").fill("wrong-key");
  await button("Test Connection").click();
  await page.getByText("Not connected. The marked field says what to mend").waitFor();
  expect(await field("API key").getAttribute("aria-invalid")).toBe("true");
  expect(await page.locator("[aria-invalid=true]").count()).toBe(1);
  expect(await inspect(page, "connect-refused")).toEqual([]);
  await page.getByRole("link", { name: "Stores" }).first().click();
  const leaving = page.getByRole("alertdialog", { name: "Leave without saving?" });
  await leaving.getByRole("button", { name: "Stay here" }).click();
  expect(await field("Store name").inputValue()).toBe("Green Door Main St");

  await field("Dutchie API endpoint").fill("http://127.0.0.1:9");
  await button("Test Connection").click();
  await until(
    () => field("Dutchie API endpoint").getAttribute("aria-invalid"),
    (invalid) => invalid === "true",
  );
  expect(await page.locator("[aria-invalid=true]").count()).toBe(1);
});

it("a store is connected; its secret survives a reload until it was copied", async () => {
  await field("Dutchie API endpoint").fill(dutchie.url);
  await field("API key").fill(dutchie.simulator.config.apiKey);
  await button("Test Connection").click();
  await page.getByText(/^Connected/).waitFor();
  for (const check of ["Dutchie answers", "Products can be read", "Sales can be read"]) {
    await page.getByText(check).waitFor();
  }
  expect(await inspect(page, "connect")).toEqual([]);
  await button("Connect the store").click();
  await heading("Green Door Main St is connected").waitFor();
  const secret = await field("Webhook secret").inputValue();
  expect(secret).toMatch(/^whsec_/);

  await page.getByRole("link", { name: "Go to the settings first" }).click();
  await heading("Settings").waitFor();
  location_id = /loc_\w+/.exec(page.url())?.[0] ?? "";
  await page.reload();
  expect(await field("Webhook secret").inputValue()).toBe(secret);
  expect(await button("I have entered it in Dutchie").isDisabled()).toBe(true);
  // A frame in another page may not write to the clipboard, and its person copies by hand.
  await page.evaluate(
    "navigator.clipboard.writeText = () => Promise.reject(new DOMException('no', 'NotAllowedError'))",
  );
  await button("Copy: Webhook secret").click();
  await page.getByText("The browser does not let ReUp copy it").waitFor();
  expect(await button("I have entered it in Dutchie").isDisabled()).toBe(true);
  await page.keyboard.press("ControlOrMeta+C");
  await expect.poll(() => button("I have entered it in Dutchie").isEnabled()).toBe(true);
  await page.reload();
  await button("Copy: Webhook secret").click();
  expect(await page.evaluate("navigator.clipboard.readText()")).toBe(secret);
  await button("I have entered it in Dutchie").click();
  await page.reload();
  await heading("Settings").waitFor();
  expect(await page.getByText("whsec_").count()).toBe(0);
  expect(await field("Webhook secret").count()).toBe(0);
});

it("one bar saves all settings, sends only what changed, and asks before they are lost", async () => {
  await page.getByLabel("Frequency").selectOption("Hourly");
  await field("Store name").fill("Green Door, Main Street");
  await button("Discard changes").click();
  expect(await field("Store name").inputValue()).toBe("Green Door Main St");

  await page.getByLabel("Frequency").selectOption("Hourly");
  await page.getByLabel("Hour of the nightly sync").fill("5");
  expect(await inspect(page, "settings-unsaved")).toEqual([]);
  await page.getByRole("link", { name: "Overview" }).click();
  const question = page.getByRole("alertdialog", { name: "Leave without saving?" });
  await question.waitFor();
  await question.getByRole("button", { name: "Stay here" }).click();
  await page.evaluate("history.back()");
  await question.waitFor();
  await question.getByRole("button", { name: "Stay here" }).click();
  expect(await page.getByLabel("Frequency").inputValue()).toBe("hourly");

  // Somebody else saves meanwhile, and this page reads it: saving does not undo it.
  await stage.api.call("PATCH", `/v1/locations/${location_id}`, {
    name: "Renamed meanwhile",
    settings: { low_stock_threshold: 3, alerts: { max_error_rate: 0.5 } },
  });
  let reads = 0;
  const onResponse = (response: Response) => {
    if (response.url().endsWith(`/v1/locations/${location_id}`)) reads++;
  };
  page.on("response", onResponse);
  // Coming back to a page that has just read the store reads nothing.
  const comeBack = async () => {
    await page.evaluate("dispatchEvent(new Event('focus'))");
    return reads;
  };
  await expect.poll(comeBack, { interval: 500 }).toBeGreaterThan(0);
  page.off("response", onResponse);
  // While a save runs nothing can be typed that its answer would take away.
  const saving = Promise.withResolvers<Route>();
  await page.route(`**/v1/locations/${location_id}`, (route) =>
    route.request().method() === "PATCH" ? saving.resolve(route) : route.continue(),
  );
  await page.getByLabel("Hour of the nightly sync").press("Enter");
  const patch = await saving.promise;
  for (const control of [field("Store name"), page.getByLabel("Frequency"), button("Discard changes")]) {
    expect(await control.isDisabled()).toBe(true);
  }
  await patch.continue();
  await stopAnswering(page);
  await page.getByText("Saved. The next sync uses it.").waitFor();
  expect(await field("Store name").isDisabled()).toBe(false);
  // Who works by the keyboard goes on where they were.
  await expect
    .poll(() => page.evaluate("document.activeElement?.labels?.[0]?.textContent"))
    .toBe("Hour of the nightly sync *");
  const { name, settings } = await stored();
  expect({ name, settings }).toMatchObject({
    name: "Renamed meanwhile",
    settings: {
      frequency: "hourly",
      overnight_hour: 5,
      low_stock_threshold: 3,
      alerts: { max_error_rate: 0.5, max_duration_seconds: 1_800 },
    },
  });

  await page.getByLabel("Hour of the nightly sync").fill("7");
  await page.getByRole("link", { name: "Activity" }).click();
  await question.getByRole("button", { name: "Leave and lose the changes" }).click();
  await page.waitForURL(/activity/);
  expect((await stored()).settings.overnight_hour).toBe(5);
});

it("Test Connection in the settings tests what was typed, and a mended key is no longer marked", async () => {
  await page.goto(`${stage.api.url}/stores/${location_id}/settings`);
  await heading("Settings").waitFor();
  await page.getByText("Tests the stored connection.").waitFor();
  await button("Test Connection").click();
  await page.getByText(/^Connected/).waitFor();

  await field("API key").fill("typed-and-wrong");
  await page.getByText("Tests what you entered.").waitFor();
  await button("Test Connection").click();
  await page.getByText("Not connected. The marked field says what to mend").waitFor();
  await button("Save changes").click();
  await page.getByText("Not saved. The marked fields say what to mend").waitFor();
  expect(await field("API key").getAttribute("aria-invalid")).toBe("true");
  expect(await page.locator("[aria-invalid=true]").count()).toBe(1);

  await field("API key").fill(dutchie.simulator.config.apiKey);
  await until(
    () => field("API key").getAttribute("aria-invalid"),
    (invalid) => invalid !== "true",
  );
  await button("Save changes").click();
  // The bar is gone: what took its place has the focus.
  await page.getByText("Saved. The next sync uses it.").and(page.locator(":focus")).waitFor();
  // What the key failed is read at once: its alert would stay until the next poll.
  await page.getByText("The sync has started.").waitFor();

  await field("Dutchie API endpoint").fill("https://dutchie.example");
  await page.getByText("Enter the API key, too.").waitFor();
  expect(await button("Test Connection").isDisabled()).toBe(true);
  await button("Discard changes").click();
});

it("a leaked secret ends at once, after a person read what follows", async () => {
  const { webhook } = await stage.api.get<{ webhook: { url: string } }>(`/v1/locations/${location_id}`);
  /** The answer to a webhook that is signed with this secret. */
  const answerTo = async (secret: string) => {
    const [id, at] = [`evt_${Math.random()}`, String(Math.floor(Date.now() / 1_000))];
    const body = JSON.stringify({ type: "unknown", occurred_at: new Date().toISOString(), data: {} });
    const key = Buffer.from(secret.replace("whsec_", ""), "base64");
    const signature = `v1,${createHmac("sha256", key).update(`${id}.${at}.${body}`).digest("base64")}`;
    const headers = { "webhook-id": id, "webhook-timestamp": at, "webhook-signature": signature };
    return (await fetch(webhook.url, { method: "POST", body, headers })).status;
  };
  const make = async (action: string, question: string) => {
    const before = (await field("Webhook secret").count()) === 0 ? "" : await field("Webhook secret").inputValue();
    await button(action).press("Enter");
    const asked = page.getByRole("alertdialog", { name: question });
    await asked.waitFor();
    // To leave all as it is has the focus.
    expect(await page.evaluate("document.activeElement.textContent")).toBe("Go back");
    expect(await violations(page)).toEqual([]);
    await asked.getByRole("button", { name: action }).press("Enter");
    return until(
      () => field("Webhook secret").inputValue(),
      (secret) => secret !== before,
    );
  };
  const first = await make("Make a new secret", "Make a new webhook secret?");
  const second = await make("Make a new secret", "Make a new webhook secret?");
  expect([await answerTo(first), await answerTo(second)]).toEqual([202, 202]);
  await button("End the leaked secret").press("Enter");
  await page.getByText("ReUp refuses Dutchie's webhooks until you enter the new secret").waitFor();
  await page.keyboard.press("Enter");
  expect(await answerTo(second)).toBe(202);
  const third = await make("End the leaked secret", "End the leaked secret now?");
  await page.getByText("The leaked secret no longer works").waitFor();
  expect(await inspect(page, "settings-leaked")).toEqual([]);
  expect([await answerTo(first), await answerTo(second), await answerTo(third)]).toEqual([401, 401, 202]);
  await button("Copy: Webhook secret").click();
  await button("I have entered it in Dutchie").click();
  await page.getByRole("link", { name: "Go to the syncs" }).click();
  await page.waitForURL(/activity\/syncs/);
  await page.goBack();
  await heading("Settings").waitFor();
});

it("a room is mapped, and everything works by the keyboard alone", async () => {
  await stage.api.call("POST", `/v1/locations/${location_id}/syncs`, { mode: "full" });
  await until(
    () => stage.api.get<{ last_success_at: string | null }>(`/v1/locations/${location_id}/status`),
    ({ last_success_at }) => last_success_at !== null,
  );
  await page.reload();
  await button("Show all words").focus();
  await page.keyboard.press("Enter");
  const room = page.getByRole("combobox", { name: "Vault" });
  await room.focus();
  await page.keyboard.type("Quarantine");
  await button("Save changes").focus();
  await page.keyboard.press("Enter");
  await page.getByText("Saved. The next sync uses it.").waitFor();
  expect((await stored()).settings.room_types).toEqual({ Vault: "quarantine" });
  expect(await inspect(page, "settings")).toEqual([]);
});

it("a channel of alerts gets a test, and a failing one shows its failure", async () => {
  const signatures: string[] = [];
  const receiver = createServer((request, response) => {
    signatures.push(String(request.headers["webhook-signature"]));
    response.writeHead(request.url === "/gone" ? 410 : 204).end();
  });
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
  await page.getByRole("link", { name: "Notifications", exact: true }).click();
  await heading("Notifications").waitFor();
  await button("Add a channel").click();
  const first = page.getByRole("group", { name: "Channel 1" });
  await first.getByLabel("Address (https)").fill("ftp://nowhere.example");
  await button("Save channels").click();
  await first.getByText("must start with https").waitFor();
  await first.getByLabel("Address (https)").fill(`${url}/hook`);
  await first.getByText("Alerts: all").click();
  await first.getByRole("checkbox", { name: "A sync failed" }).check();
  await first.getByText("Alerts: 1 kind").waitFor();
  await button("Save channels").click();
  expect(await field(`Secret of ${url}`).inputValue()).toMatch(/^whsec_/);
  await first.getByRole("button", { name: "Send a test" }).click();
  await first.getByText("The channel accepted the test").waitFor();
  expect(signatures).toEqual([expect.stringMatching(/^v1,/)]);

  await button("Add a channel").click();
  const second = page.getByRole("group", { name: "Channel 2" });
  await second.getByLabel("Address (https)").fill(`${url}/gone`);
  // A secret is shown only once: what is typed afterwards does not take it away.
  expect(await field(`Secret of ${url}`).count()).toBe(1);
  const saved = page.waitForResponse((response) => response.request().method() === "PUT");
  await button("Save channels").click();
  await saved;
  await second.getByText("Only a part is shown.").waitFor();
  await second.getByRole("button", { name: "Send a test" }).click();
  await second.getByText("The address no longer exists. Enter a new one.").waitFor();
  await page.reload();
  await second.getByText("Failing:").waitFor();
  await first.getByText("Last sent").waitFor();
  // Secrets stay until the person has entered them.
  expect(await field("Secret of").count()).toBe(2);
  for (const left of [1, 0]) {
    await page
      .getByRole("button", { name: /^Copy: Secret of/ })
      .first()
      .click();
    await button("I have entered it there").first().click();
    expect(await field("Secret of").count()).toBe(left);
  }
  expect(await inspect(page, "notifications")).toEqual([]);

  // Somebody else adds a channel meanwhile: it is not removed, and what was typed is not lost without a word.
  await second.getByRole("checkbox", { name: "On" }).click();
  const stored = await stage.api.get<{ channel_id: string; kind: string; target: string }[]>("/v1/alert-channels");
  const theirs = { kind: "webhook", target: `${url}/theirs`, rules: null, enabled: true };
  const kept = stored.map(({ channel_id, kind, target }) => ({ channel_id, kind, target, rules: null, enabled: true }));
  await stage.api.call("PUT", "/v1/alert-channels", [...kept, theirs]);
  await button("Save channels").click();
  await page.getByText("The list has changed meanwhile.").waitFor();
  expect(await stage.api.get<object[]>("/v1/alert-channels")).toHaveLength(3);
  await page.getByRole("link", { name: "Stores", exact: true }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Stay here" }).click();
  await button("Show the list as it is now").click();
  await page.getByRole("group", { name: "Channel 3" }).waitFor();
  await page.getByRole("link", { name: "Stores", exact: true }).click();
  await heading("Stores").waitFor();
  receiver.close();
});

it("a store that was disconnected is reconnected with its records, once a person says so", async () => {
  const other = await serveSimulator({ size: 10, seed: 8, limits: "off", profiles: ["pos"] });
  await stage.api.call("DELETE", `/v1/locations/${location_id}?purge=false`);
  await page.goto(`${stage.api.url}/connect`);
  await heading("Connect a store").waitFor();
  await field("Store name").fill("A new store");
  await field("Dutchie API endpoint").fill(dutchie.url);
  await field("API key").fill(dutchie.simulator.config.apiKey);
  await button("Connect the store").press("Enter");
  await page.getByText("This Dutchie location was connected before").waitFor();
  expect(await page.locator("[aria-invalid=true]").count()).toBe(0);
  expect(await inspect(page, "reconnect")).toEqual([]);
  await button("Reconnect the store").press("Enter");
  // It keeps its name: what stands in the form of a new store was meant for a new one.
  await heading("Renamed meanwhile is connected").waitFor();
  await stage.api.call("DELETE", `/v1/locations/${location_id}?purge=false`);
  await page.goto(`${stage.api.url}/connect?location=${location_id}`);
  await heading("Reconnect Renamed meanwhile").waitFor();
  expect(await field("Store name").count()).toBe(0);
  await field("Dutchie API endpoint").fill(other.url);
  await field("API key").fill(other.simulator.config.apiKey);
  await button("Reconnect the store").press("Enter");
  await page.getByText("This connection leads to another Dutchie location").waitFor();
  expect(await inspect(page, "reconnect-refused")).toEqual([]);
  await field("Dutchie API endpoint").fill(dutchie.url);
  await field("API key").fill(dutchie.simulator.config.apiKey);
  await button("Reconnect the store").press("Enter");
  await heading("Renamed meanwhile is connected").waitFor();
  const { data } = await stage.api.get<{ data: { location_id: string }[] }>("/v1/locations");
  expect(data.map((each) => each.location_id)).toContain(location_id);
  const { pagination } = await stage.api.get<{ pagination: { total: number } }>(
    `/v1/locations/${location_id}/products?page=1&limit=1`,
  );
  expect(pagination.total).toBeGreaterThan(10);
  await other.close();
});

it("a store is disconnected and its records are removed", async () => {
  const left = async () => {
    const tables = ["products", "inventory", "sales", "rooms", "changes", "runs"];
    const counts = tables.map((table) => `(select count(*) from ${table} where location_id = '${location_id}')`);
    const [row] = await stage.query<{ n: number }>("RECORDS_00", `select ${counts.join(" + ")} as n`);
    return row?.n ?? Number.NaN;
  };
  expect(await left()).toBeGreaterThan(100);
  await page.goto(`${stage.api.url}/stores/${location_id}/settings`);
  await page.getByRole("checkbox", { name: "Remove its records from ReUp, too" }).check();
  await button("Disconnect store").click();
  const question = page.getByRole("alertdialog", { name: "Disconnect Renamed meanwhile?" });
  await question.getByText("This cannot be undone").waitFor();
  await question.getByRole("button", { name: "Disconnect store" }).click();
  await page.waitForURL((url) => url.pathname === "/");
  await until(left, (n) => n === 0);
  expect(complaints).toEqual([]);
});
