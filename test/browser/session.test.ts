import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { developmentToken } from "../../scripts/support/development-token.ts";
import { Stage } from "../e2e/support.ts";
import { closeBrowser, closeContext, openBrowser, openPage, SERVER_NAME, violations } from "./support.ts";

// Whose account a page shows, and that nothing of it stays behind.

let stage: Stage;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let store = "";
let own = "";
let other = "";

beforeAll(async () => {
  [stage, browser] = await Promise.all([Stage.open(), openBrowser()]);
  store = (await stage.connect()).id;
  await stage.api.call("PATCH", `/v1/locations/${store}`, { name: "Alpha Street" });
  own = await developmentToken({ retailer_id: "e2e", role: "admin" });
  other = await developmentToken({ retailer_id: "stranger", role: "admin" });
});
afterAll(async () => {
  await closeBrowser(browser);
  await stage?.close();
});

beforeEach(async () => {
  ({ page, context } = await openPage(browser));
});
afterEach(() => closeContext(context));

const open = (path: string, token: string, at = page) => at.goto(`${stage.api.url}${path}#token=${token}`);
const signedInAs = (name: string, at = page) => at.getByLabel("Signed in as").filter({ hasText: name }).waitFor();
const question = (at = page) => at.getByRole("dialog", { name: "Switch accounts?" });
const kept = (at = page) =>
  at.evaluate(
    "JSON.stringify([{ ...sessionStorage }, { ...localStorage }, history.state, location.href, document.cookie])",
  );
// Not by its role: a question hides what is behind it from screen readers.
const asksToSignIn = (at = page) => at.locator("h1", { hasText: "Sign in" }).waitFor();

describe("F74: an address never replaces a session without a question", () => {
  it("F74: a link with somebody else's token asks a person who is signed in; staying keeps the session, switching replaces it", async () => {
    await open("/", own);
    await signedInAs("e2e");
    await open("/connect", other);
    await question().getByText("stranger").first().waitFor();
    expect(page.url()).not.toContain("token");
    await signedInAs("e2e");
    expect(await violations(page)).toEqual([]);
    await page.getByRole("button", { name: "Do not switch" }).click();
    await question().waitFor({ state: "hidden" });
    await signedInAs("e2e");
    expect(await kept()).not.toContain(other);
    await page.reload();
    await signedInAs("e2e");

    await open("/", other);
    await page.evaluate("sessionStorage.setItem('reup-dutchie-secret loc_1', 'whsec_of_e2e')");
    await page.getByRole("button", { name: "Switch to stranger" }).click();
    await signedInAs("stranger");
    await page.getByText("No store is connected yet").waitFor();
    expect(await kept()).not.toContain(own);
    expect(await kept()).not.toContain("whsec_of_e2e");
  });

  it("F74: a link asks if it changes the address of an open page, or has another role of the same account", async () => {
    await open(`/stores/${store}`, own);
    await signedInAs("e2e");
    for (const token of [other, await developmentToken({ retailer_id: "e2e", role: "viewer" })]) {
      await page.evaluate(`location.assign("#token=${token}")`);
      await question().waitFor();
      expect(page.url()).not.toContain("token");
      await page.keyboard.press("Escape");
      await question().waitFor({ state: "hidden" });
      await signedInAs("e2e, admin");
    }
  });

  it("F74: a link in a new tab asks while another tab is signed in", async () => {
    await open("/", own);
    await signedInAs("e2e");
    const tab = await context.newPage();
    await open("/connect", other, tab);
    await question(tab).getByText("e2e").waitFor();
    expect(tab.url()).not.toContain("token");
    await tab.getByRole("button", { name: "Do not switch" }).click();
    await asksToSignIn(tab);
    expect(await kept(tab)).not.toContain(other);
  });

  const openAtServer = (path: string, token: string, at = page) =>
    at.goto(`${stage.api.url.replace("127.0.0.1", SERVER_NAME)}${path}#token=${token}`);
  const linkQuestion = (at = page) => at.getByRole("dialog", { name: "Sign in with this link?" });

  it("F74: a link asks on each page if nobody is signed in, and names the account and the role", async () => {
    const manager = await developmentToken({ retailer_id: "stranger", role: "manager" });
    for (const path of ["/", "/connect", `/stores/${store}/settings`]) {
      await openAtServer(path, manager);
      await linkQuestion().getByText("as stranger (manager).").waitFor();
      expect(page.url()).not.toContain("token");
      await asksToSignIn();
      expect(await page.getByRole("textbox", { name: "API key" }).count()).toBe(0);
      if (path === "/") expect(await violations(page)).toEqual([]);
      await page.getByRole("button", { name: "Do not sign in" }).click();
      await linkQuestion().waitFor({ state: "hidden" });
      expect(await kept()).not.toContain(manager);
      await page.reload();
      await asksToSignIn();
    }
    await openAtServer("/connect", manager);
    await page.getByRole("button", { name: "Sign in as stranger" }).click();
    await signedInAs("stranger, manager");
    expect(new URL(page.url()).pathname).toBe("/connect");
  });

  it("F74: a link asks beside a signed-in tab that sleeps and answers nothing", async () => {
    await page.addInitScript("BroadcastChannel.prototype.postMessage = () => undefined");
    await openAtServer("/", own);
    await page.getByRole("button", { name: "Sign in as e2e" }).click();
    await signedInAs("e2e");
    const tab = await context.newPage();
    await openAtServer("/connect", other, tab);
    await linkQuestion(tab).getByText("stranger").first().waitFor();
    await asksToSignIn(tab);
  });

  it("F74: a link without a token asks and changes nothing", async () => {
    await openAtServer("/connect", "");
    await asksToSignIn();
    expect(page.url()).not.toContain("token");
    await open("/", own);
    await open("/", " ");
    await signedInAs("e2e");
    expect(await page.getByRole("dialog").count()).toBe(0);
  });

  it("F74: each page shows the account, its role and the end of the session", async () => {
    const viewer = await developmentToken({ retailer_id: "e2e", role: "viewer" });
    await open("/", viewer);
    await signedInAs("e2e");
    for (const path of ["/", "/connect", "/inbox", "/notifications", `/stores/${store}/settings`, "/nowhere"]) {
      await page.goto(`${stage.api.url}${path}`);
      await signedInAs("e2e");
      expect(await page.getByLabel("Signed in as").textContent()).toMatch(/e2e.*, viewer, until .*\d/);
    }
  });
});

describe("F75: nothing outlives a session", () => {
  /** On the store's page, its status streaming. */
  async function atWork(at = page): Promise<{ streams: string[] }> {
    const streams: string[] = [];
    at.on("request", (request) => void (request.url().includes("/status/stream") && streams.push("open")));
    at.on("requestfailed", (request) => void (request.url().includes("/status/stream") && streams.push("ended")));
    await open(`/stores/${store}`, own, at);
    await at.getByText("Alpha Street").first().waitFor();
    return { streams };
  }

  async function nothingStays(at = page): Promise<void> {
    await asksToSignIn(at);
    const left = await kept(at);
    for (const part of [own, store, "Alpha", "e2e"]) expect(left).not.toContain(part);
  }

  it("F75: after signing out, another retailer in the same tab sees nothing of the first, not even by going back", async () => {
    const { streams } = await atWork();
    expect(streams).toContain("open");
    await page.getByRole("button", { name: "Sign out" }).click();
    await nothingStays();
    expect(streams.filter((each) => each === "ended").length).toBe(streams.filter((each) => each === "open").length);

    const asked: string[] = [];
    page.on("request", (request) => void asked.push(request.url()));
    await page.getByRole("textbox", { name: "Access token" }).fill(other);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await signedInAs("stranger");
    await page.getByText("No store is connected yet").waitFor();
    expect(await page.getByText("Alpha Street").count()).toBe(0);
    expect(asked.filter((url) => url.includes(store))).toEqual([]);
    await page.goBack();
    await page.waitForLoadState();
    expect(await page.getByText("Alpha Street").count()).toBe(0);
  });

  it("F75: a 401 ends the session like signing out", async () => {
    await atWork();
    // Only what the click asks for: what the page asks by itself would end the session before it.
    await page.route("**/v1/alert-channels", (route) =>
      route.fulfill({
        status: 401,
        json: { error: { code: "UNAUTHORIZED", message: "The token has expired.", details: {} } },
      }),
    );
    await page.getByRole("link", { name: "Notifications" }).click();
    await nothingStays();
    await page.getByText("The token has expired. Sign in again.").waitFor();
    await page.reload();
    await asksToSignIn();
    expect(await page.getByText("The token has expired").count()).toBe(0);
  });

  it("F75: the token's end ends the session without a click", async () => {
    await page.clock.install();
    await atWork();
    await page.clock.fastForward("31:00:00");
    await page.clock.fastForward("02:00");
    await nothingStays();
  });

  it("F75: signing out in one tab signs out the other tabs of the account, and no other account's", async () => {
    const [same, stranger] = [await context.newPage(), await context.newPage()];
    await atWork();
    await atWork(same);
    // What is typed there holds nobody back, as it would when somebody leaves the page.
    await same.getByRole("link", { name: "Settings" }).click();
    await same.getByLabel("Store name").fill("Alpha Avenue");
    await open("/", other, stranger);
    await stranger.getByRole("button", { name: "Switch to stranger" }).click();
    await signedInAs("stranger", stranger);
    await page.getByRole("button", { name: "Sign out" }).click();
    await nothingStays(same);
    await same.getByText("You signed out in another tab.").waitFor();
    await signedInAs("stranger", stranger);
  });

  it("F75: a 401 ends the tabs with that token, and no tab with a newer token of the account", async () => {
    const [same, fresh] = [await context.newPage(), await context.newPage()];
    await atWork();
    await atWork(same);
    await open("/", await developmentToken({ retailer_id: "e2e", role: "viewer" }), fresh);
    await signedInAs("e2e, viewer", fresh);
    const error = { code: "UNAUTHORIZED", message: "The token has expired.", details: {} };
    await page.route("**/v1/alert-channels", (route) => route.fulfill({ status: 401, json: { error } }));
    await page.getByRole("link", { name: "Notifications" }).click();
    await nothingStays();
    await nothingStays(same);
    await same.getByText("Your access has ended. Sign in again.").waitFor();
    await signedInAs("e2e, viewer", fresh);
  });
});
