import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

/** What Cloudflare sends with the static files: the dashboard, and the script and style of /docs. */
const all = readFileSync("dashboard/public/_headers", "utf8").split(/^\/assets/m)[0] ?? "";
const header = (name: string) => new RegExp(`^\\s+${name}: (.*)$`, "m").exec(all)?.[1] ?? "";

describe("the headers of every page", () => {
  it("the headers allow scripts from our own files only: no inline script, no evaluated text", () => {
    const policy = header("Content-Security-Policy");
    expect(policy).toContain("default-src 'none'");
    expect(policy).toMatch(/script-src 'self'(;|$)/);
    expect(policy).toContain("connect-src 'self'");
    expect(policy).toContain("base-uri 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe-eval|https?:|\*/);
  });

  it("the headers keep types, referrers and transport strict", () => {
    expect(header("X-Content-Type-Options")).toBe("nosniff");
    expect(header("Referrer-Policy")).toBe("no-referrer");
    expect(header("Strict-Transport-Security")).toMatch(/max-age=\d{7,}/);
  });
});
