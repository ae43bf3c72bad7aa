import { build } from "esbuild";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { HooksWorker } from "./hooks-worker.ts";
import { closeBrowser, openBrowser } from "./support.ts";

// The hooks in a real browser, against a Worker of another origin whose every answer the test decides.

let browser: Browser;
let page: Page;
let worker: HooksWorker;

beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => closeBrowser(browser));

beforeEach(async () => {
  worker = new HooksWorker();
  const { reup, address } = await worker.open();
  const { outputFiles } = await build({
    entryPoints: ["test/browser/hooks-page.tsx"],
    define: { WORKER: JSON.stringify(address), "process.env.NODE_ENV": '"production"' },
    jsx: "automatic",
    bundle: true,
    write: false,
  });
  worker.pages.set("/", '<!doctype html><div id="root"></div><script src="/page.js"></script>');
  worker.pages.set("/page.js", outputFiles[0]?.text ?? "");
  worker.pages.set("/token", "one");
  worker.pages.set("/favicon.ico", "");
  page = await browser.newPage();
  await page.clock.install();
  await page.goto(reup);
});
afterEach(async () => {
  await page.close();
  worker.close();
});

const shows = (name: string, text: string) => page.getByTestId(name).filter({ hasText: text }).waitFor();
const pass = (seconds: number) => page.clock.runFor(seconds * 1_000);

it("all hooks of a store share one stream, and it ends with the last of them", async () => {
  await shows("one", "healthy, live");
  await shows("two", "healthy, live");
  await shows("stock", "5");
  worker.answers.health = "failing";
  worker.tell();
  await shows("one", "failing, live");
  await shows("two", "failing, live");
  expect(worker.asked).toEqual({ status: 1, stream: 1, inventory: 1, inbox: 1, resolve: 0 });
  await page.getByRole("button", { name: "Show or hide" }).click();
  await expect.poll(() => worker.streams.size).toBe(0);
  await page.getByRole("button", { name: "Show or hide" }).click();
  await shows("two", "failing, live");
  expect(worker.asked.stream).toBe(2);
});

it("a list is read again when the stream says that records changed, once for many changes", async () => {
  await shows("one", "healthy, live");
  await shows("stock", "5");
  for (const quantity of [4, 3, 2]) {
    Object.assign(worker.answers, { quantity, applied: worker.answers.applied + 1, health: `after ${quantity}` });
    worker.tell();
  }
  await shows("one", "after 2");
  await pass(3);
  await shows("stock", "2");
  expect(worker.asked.inventory).toBe(2);
});

it("while there is no stream, the status is asked for every 15 s; then the stream takes over again", async () => {
  await shows("one", "healthy, live");
  worker.breakStreams();
  await shows("one", "asking");
  worker.answers.health = "stale";
  await pass(16);
  await shows("two", "stale, asking");
  worker.answers.streams = true;
  worker.answers.health = "healthy";
  await pass(16);
  await shows("two", "healthy, live");
  const { status } = worker.asked;
  await pass(60);
  // One that was asked before the stream was there may still have been on its way. Asking on would be four more.
  expect(worker.asked.status).toBeLessThanOrEqual(status + 1);
});

it("a refused token is shown, and a new one is used by itself", async () => {
  await shows("one", "healthy, live");
  worker.answers.token = "two";
  worker.breakStreams();
  worker.answers.streams = true;
  await shows("one", "asking");
  await pass(16);
  await shows("one", "healthy, asking, UNAUTHORIZED");
  worker.pages.set("/token", "two");
  await pass(61);
  await shows("one", "healthy, live, no error");
  await shows("stock", "5");
});

it("a list is not asked for again before Retry-After, and then by itself", async () => {
  await shows("one", "healthy, live");
  await shows("stock", "5");
  Object.assign(worker.answers, { busy: 25, quantity: 2, applied: 1 });
  worker.tell();
  await pass(4);
  await expect.poll(() => worker.asked.inventory).toBe(2);
  worker.answers.busy = null;
  for (let second = 0; second < 20; second++) {
    await pass(1);
    // Whatever the page has asked by now arrives before this, or with the next.
    await page.evaluate(() => fetch("/token").then((answer) => answer.text()));
  }
  expect(worker.asked.inventory).toBe(2);
  await pass(6);
  await shows("stock", "2");
  expect(worker.asked.inventory).toBe(3);
});

it("what a person decided is sent once, and everything is read again", async () => {
  await page.getByRole("button", { name: "Settle 2" }).click();
  await page.getByRole("button", { name: "Settle 0" }).waitFor();
  await expect.poll(() => worker.asked).toMatchObject({ resolve: 1, inbox: 2, inventory: 2, status: 2 });
});
