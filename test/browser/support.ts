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

/** What axe finds that is serious or worse. */
export async function violations(page: Page): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"])
    .analyze();
  return found
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`);
}

/** The page can be pictured; the picture is kept when pictures are renewed. */
async function picture(page: Page, name: string): Promise<void> {
  await page.screenshot(FOLDER === null ? {} : { path: `${FOLDER}/${name}.png` });
}

/** Takes a picture of the page in light, in dark and at phone width, and checks each with axe. */
export async function inspect(page: Page, name: string): Promise<string[]> {
  const found: string[] = [];
  const shoot = async (kind: string) => {
    await picture(page, `${name}-${kind}`);
    found.push(...(await violations(page)).map((violation) => `${name}, ${kind}: ${violation}`));
  };
  await shoot("light");
  await page.emulateMedia({ colorScheme: "dark" });
  await shoot("dark");
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize(PHONE);
  await shoot("phone");
  const wide = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
  if (Number(wide) > 0) found.push(`${name}, phone: the page is ${wide} px wider than the screen`);
  await page.setViewportSize(DESK);
  return found;
}
