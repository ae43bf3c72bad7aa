import getPort from "get-port";
import lighthouse from "lighthouse";
import { chromium } from "playwright-core";
import { connectStore } from "./start/connect-store.ts";
import { Machine, signedIn } from "./start/machine.ts";
import { isOver, type Run } from "./start/sync-progress.ts";

/**
 * npm run lighthouse: measures each page in Chromium, signed in and with a store that was read. Fails if a page has less than 100 of
 * 100 for accessibility. The times are of this machine without a slowed network, so they are only shown.
 */
const FLOOR = 1;
/** A store's pages keep a stream open, so that they never count as loaded. */
const MAX_WAIT_MS = 5_000;
const SCREEN = { mobile: false, width: 1280, height: 900, deviceScaleFactor: 1, disabled: false };

const pagesOf = (store: string, product: string): string[] => [
  "/",
  "/inbox",
  "/connect",
  "/notifications",
  store,
  ...["products", "packages", "sales", "customers"].map((list) => `${store}/inventory/${list}`),
  `${store}/products/${product}`,
  ...["changes", "syncs", "webhooks", "edits"].map((list) => `${store}/activity/${list}`),
  `${store}/settings`,
];

const machine = new Machine();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => void machine.end().then(() => process.exit(1)));
}

try {
  const ok = await measureAll();
  await machine.end();
  process.exit(ok ? 0 : 1);
} catch (error) {
  if (!machine.isEnding) console.error(error);
  await machine.end();
  process.exit(1);
}

async function measureAll(): Promise<boolean> {
  const api = await machine.start({});
  const dutchie = await machine.open({ size: 60, salesDays: 10, limits: "off" });
  const { location } = await connectStore(api, dutchie, { name: "Green Door Main St", profile: "pos" });
  const base = `/v1/locations/${location.location_id}`;
  const { run_id } = await api.call<Run>("POST", `${base}/syncs`, { mode: "initial" });
  while (!isOver(await api.get<Run>(`${base}/syncs/${run_id}`)))
    await new Promise((resolve) => setTimeout(resolve, 500));
  const { data } = await api.get<{ data: { product_id: string }[] }>(`${base}/products?limit=1`);
  const [product] = data;
  if (product === undefined) throw new Error("The store has no product.");

  const port = await getPort();
  const browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", `--remote-debugging-port=${port}`],
    // It would end this process before the Worker has ended.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
  try {
    let isFine = true;
    console.log("accessibility │ first paint │ largest paint │ loaded │ page");
    for (const path of pagesOf(`/stores/${location.location_id}`, product.product_id)) {
      isFine = (await measure(await signedIn(api.url + path), { port, path })) && isFine;
    }
    return isFine;
  } finally {
    await browser.close();
  }
}

/** Prints a page's figures and what keeps it from the floor. */
async function measure(url: string, { port, path }: { port: number; path: string }): Promise<boolean> {
  const result = await lighthouse(url, {
    port,
    output: "json",
    logLevel: "error",
    onlyCategories: ["accessibility", "performance"],
    formFactor: "desktop",
    screenEmulation: SCREEN,
    throttlingMethod: "provided",
    maxWaitForLoad: MAX_WAIT_MS,
  });
  const { accessibility } = result?.lhr.categories ?? {};
  if (result === undefined || accessibility === undefined) throw new Error(`${path} could not be measured.`);
  const { audits, finalDisplayedUrl } = result.lhr;
  // Otherwise the page that asks for a token would be measured.
  if (new URL(finalDisplayedUrl).pathname !== path) throw new Error(`${path} led to ${finalDisplayedUrl}.`);
  const seconds = (audit: string) => {
    const ms = audits[audit]?.numericValue;
    return ms === undefined ? "–" : `${(ms / 1_000).toFixed(1)} s`;
  };
  const score = accessibility.score ?? 0;
  const kilobytes = Math.round((audits["total-byte-weight"]?.numericValue ?? 0) / 1_024);
  const cells = [
    String(Math.round(score * 100)).padStart(13),
    seconds("first-contentful-paint").padStart(11),
    seconds("largest-contentful-paint").padStart(13),
    `${kilobytes} KB`.padStart(6),
    path,
  ];
  console.log(cells.join(" │ "));
  const failed = accessibility.auditRefs.flatMap(({ id }) => {
    const audit = audits[id];
    return audit !== undefined && audit.score !== null && audit.score < 1 ? [`${id}: ${audit.title}`] : [];
  });
  for (const each of failed) console.log(`  ${each}`);
  return score >= FLOOR && failed.length === 0;
}
