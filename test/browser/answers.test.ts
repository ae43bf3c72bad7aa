import type { Browser, BrowserContext, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { developmentToken } from "../../scripts/support/development-token.ts";
import { Stage, type Store } from "../e2e/support.ts";
import { closeBrowser, closeContext, openBrowser, openPage, stopAnswering } from "./support.ts";

// Something between ReUp and the page answers 200 with what is no answer of ReUp's: a proxy, a guest network, an old cache.

let stage: Stage;
let store: Store;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let token: string;

beforeAll(async () => {
  [stage, browser] = await Promise.all([Stage.open(), openBrowser()]);
  token = await developmentToken({ retailer_id: "e2e", role: "admin" });
  store = await stage.connect({ seed: 51, profiles: ["pos"] });
});
afterAll(async () => {
  await closeBrowser(browser);
  await stage?.close();
});
beforeEach(async () => {
  ({ page, context } = await openPage(browser));
  page.setDefaultTimeout(20_000);
});
afterEach(() => closeContext(context));

const BODIES = [
  ["{}", "application/json"],
  ["[]", "application/json"],
  ["<p>Welcome", "text/html"],
] as const;

const ofStore = (path: string) => `/stores/STORE${path}`;
const PAGES = [
  "/",
  "/?health=disconnected",
  "/inbox",
  // Not with `[]`: that is an answer, no channel is set up.
  "/notifications",
  "/inbox?show=decided",
  ofStore(""),
  ...["products", "packages", "sales"].map((list) => ofStore(`/inventory/${list}`)),
  ofStore("/products/prd_1"),
  ...["changes", "syncs", "syncs?sync=run_1", "webhooks", "webhooks?webhook=evt_1", "edits"].map((list) =>
    ofStore(`/activity/${list}`),
  ),
  ofStore("/settings"),
];
/** What the pages need before they ask for more is answered well. */
const isFrame = (url: URL, page_: string) =>
  (page_.startsWith("/stores") && /^\/v1\/locations\/[^/]+(\/status(\/stream)?)?$/.test(url.pathname)) ||
  (page_ !== "/" && url.pathname === "/v1/status" && !url.searchParams.has("health"));

// Each page gets one of the answers: that the client refuses them all, `test/unit/client/client.test.ts` shows.
const CASES = PAGES.map((path, n) => [path, ...(BODIES[n % BODIES.length] ?? BODIES[0])] as const);

it.each(CASES)("no page waits for an answer that came and cannot be read: %s, %s", async (path, body, contentType) => {
  await page.route("**/v1/**", (route) =>
    isFrame(new URL(route.request().url()), path)
      ? route.continue()
      : route.fulfill({ status: 200, body, contentType }),
  );
  await page.goto(`${stage.api.url}${path.replace("STORE", store.id)}#token=${token}`);
  await page.getByText("Something between ReUp and this page changed the answer").first().waitFor();
  await page.getByRole("button", { name: "Try again" }).first().waitFor();
  await page
    .getByText(/^Loading /)
    .first()
    .waitFor({ state: "detached" });
  expect(await page.getByText("could not be shown").count()).toBe(0);
});

/** As the API's answers look from outside, with nothing right within. */
const hollow = (body: object) =>
  Object.fromEntries(
    Object.entries(body).map(([key, value]) => [
      key,
      Array.isArray(value) ? [{}] : typeof value === "object" ? null : value,
    ]),
  );

it.each(["/", "/inbox", ofStore("")])(
  "an answer that is right from outside and wrong within leaves the frame, and a button that reads it again: %s",
  async (path) => {
    let asked = 0;
    await page.route("**/v1/**", async (route) => {
      asked++;
      if (route.request().url().includes("/status/stream")) return route.abort();
      const response = await route.fetch();
      return route.fulfill({ response, json: hollow((await response.json()) as object) });
    });
    await page.goto(`${stage.api.url}${path.replace("STORE", store.id)}#token=${token}`);
    const again = page.getByRole("button", { name: /^(Try again|Load the page again)$/ });
    await again.first().waitFor();
    expect(asked).toBeLessThan(40);
    await page.getByText("Something").or(page.getByText("something in between")).first().waitFor();
    await page.getByRole("navigation").getByRole("link", { name: "Stores" }).waitFor();
    await stopAnswering(page);
    await again.first().click();
    await page.getByRole("heading", { level: 1 }).waitFor();
    await again.first().waitFor({ state: "detached" });
  },
);

it("a status of the stream that is wrong within is over with the next that is right, without a click", async () => {
  const status = await store.get<object>("/status");
  const wrong = { ...status, active_alerts: null, last_24h: null, data_types: null, records: null };
  const notShown = page.getByText("could not be shown");
  let asked = 0;
  await page.route("**/status/stream", async (route) => {
    if (asked++ > 0) {
      await notShown.waitFor();
      return route.continue();
    }
    const body = `event: status\ndata: ${JSON.stringify(wrong)}\n\n`;
    return route.fulfill({ status: 200, body, contentType: "text/event-stream" });
  });
  await page.goto(`${stage.api.url}/stores/${store.id}#token=${token}`);
  await expect.poll(() => asked).toBe(2);
  await page.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
  expect(await notShown.count()).toBe(0);
});

it.each(["{}", "[]"])("a store whose status cannot be read says so, and is there once it can: %s", async (body) => {
  await page.route(/\/v1\/locations\/[^/]+(\/status(\/stream)?)?$/, (route) =>
    route.fulfill({ status: 200, body, contentType: "application/json" }),
  );
  await page.goto(`${stage.api.url}/stores/${store.id}#token=${token}`);
  const again = page.getByRole("button", { name: "Try again" });
  await again.first().waitFor();
  // In the page, at one go: it also asks again by itself, and then the button is gone.
  const clickUntil = (shown: Locator) =>
    expect
      .poll(
        async () => {
          await page.evaluate(
            `[...document.querySelectorAll("button")].find(({ textContent }) => textContent.includes("Try again"))?.click()`,
          );
          return shown.isVisible();
        },
        { timeout: 20_000 },
      )
      .toBe(true);
  await stopAnswering(page);
  await page.route(/\/status(\/stream)?$/, (route) =>
    route.fulfill({ status: 200, body, contentType: "application/json" }),
  );
  await clickUntil(page.getByText("The store's status could not be loaded"));
  await stopAnswering(page);
  await clickUntil(page.getByRole("heading", { level: 1, name: "Overview" }));
});
