import { AxeBuilder } from "@axe-core/playwright";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";

/** Only on request: each run changes the pictures in the repository, because they show the time. */
const FOLDER = process.env.SCREENSHOTS ? "docs/screenshots" : null;
/** The narrowest that many people have. */
const PHONE = { width: 360, height: 780 };
const DESK = { width: 1280, height: 900 };

/** Leads to this machine like the real name of a server: no address of loopback. */
export const SERVER_NAME = "reup.test";

export function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      `--host-resolver-rules=MAP ${SERVER_NAME} 127.0.0.1`,
    ],
  });
}

/** Ends what tests answer in the server's place. An answer under way is given first: without that it fails the whole run. */
export function stopAnswering(page: Page): Promise<void> {
  return page.unrouteAll({ behavior: "wait" });
}

/** Closes a context. A test's answer that is under way has nobody to go to, which is no failure. */
export async function closeContext(context: BrowserContext): Promise<void> {
  for (const page of context.pages()) await page.unrouteAll({ behavior: "ignoreErrors" });
  await context.close();
}

export async function closeBrowser(browser: Browser | undefined): Promise<void> {
  for (const context of browser?.contexts() ?? []) await closeContext(context);
  await browser?.close();
}

/** A page that keeps what the browser complained of: errors, and whatever the CSP refused. */
export async function openPage(
  browser: Browser,
): Promise<{ page: Page; context: BrowserContext; complaints: string[] }> {
  const context = await browser.newContext({
    viewport: DESK,
    reducedMotion: "reduce",
    colorScheme: "light",
    timezoneId: "America/Denver",
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
  page.on("console", (message) => {
    // Refused requests are shown in the page; the browser logs them besides.
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) {
      complaints.push(message.text());
    }
  });
  return { page, context, complaints };
}

/** What axe is asked: everything, or only what colours can break. */
const RULES = {
  all: { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"] },
  colours: { type: "rule", values: ["color-contrast", "link-in-text-block"] },
} as const;

/**
 * What axe finds that is serious or worse. Axe works within the page, which has no frames, and carries only violations out of
 * it: its other mode carries everything that passed through a second page, which took more than half of the time.
 */
export async function violations(page: Page, rules: keyof typeof RULES = "all"): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page })
    .setLegacyMode()
    .options({ runOnly: { ...RULES[rules], values: [...RULES[rules].values] }, resultTypes: ["violations"] })
    .analyze();
  return found
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`);
}

/** Checks the page with axe in light, in dark and at phone width, and keeps a picture of each when pictures are renewed. */
export async function inspect(page: Page, name: string): Promise<string[]> {
  const found: string[] = [];
  const look = async (kind: string, rules: keyof typeof RULES) => {
    if (FOLDER !== null) await page.screenshot({ path: `${FOLDER}/${name}-${kind}.png` });
    found.push(...(await violations(page, rules)).map((violation) => `${name}, ${kind}: ${violation}`));
  };
  await look("light", "all");
  await page.emulateMedia({ colorScheme: "dark" });
  await look("dark", "colours");
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize(PHONE);
  await look("phone", "all");
  const wide = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
  if (Number(wide) > 0) found.push(`${name}, phone: the page is ${wide} px wider than the screen`);
  await page.setViewportSize(DESK);
  return found;
}
