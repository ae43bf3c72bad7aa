import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { developmentToken } from "../../scripts/support/development-token.ts";
import { Stage, type Store } from "../e2e/support.ts";
import { openBrowser, openPage } from "./support.ts";

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
  await browser?.close();
  await stage?.close();
});
beforeEach(async () => {
  ({ page, context } = await openPage(browser));
  page.setDefaultTimeout(8_000);
});
afterEach(() => context.close());

const BODIES = { "{}": "application/json", "[]": "application/json", "<p>Welcome": "text/html" };

const ofStore = (path: string) => `/stores/STORE${path}`;
const PAGES = [
  "/",
  "/?health=disconnected",
  "/inbox",
  "/inbox?show=decided",
  "/notifications",
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

it.each(PAGES)("no page waits for an answer that came and cannot be read: %s", async (path) => {
  for (const [body, contentType] of Object.entries(BODIES)) {
    // That is an answer: no channel is set up.
    if (path === "/notifications" && body === "[]") continue;
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
    expect(await page.getByText("could not be shown").count(), body).toBe(0);
    await page.unrouteAll({ behavior: "ignoreErrors" });
    await page.goto("about:blank");
  }
});

it.each(["{}", "[]"])("a store whose status cannot be read says so, and is there once it can: %s", async (body) => {
  await page.route(/\/v1\/locations\/[^/]+(\/status(\/stream)?)?$/, (route) =>
    route.fulfill({ status: 200, body, contentType: "application/json" }),
  );
  await page.goto(`${stage.api.url}/stores/${store.id}#token=${token}`);
  const again = page.getByRole("button", { name: "Try again" });
  await again.first().waitFor();
  await page.unrouteAll({ behavior: "ignoreErrors" });
  await page.route(/\/status(\/stream)?$/, (route) =>
    route.fulfill({ status: 200, body, contentType: "application/json" }),
  );
  await again.first().click();
  await page.getByText("The store's status could not be loaded").waitFor();
  await page.unrouteAll({ behavior: "ignoreErrors" });
  await again.first().click();
  await page.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
});
