import { describe, expect, it } from "vitest";
import { call } from "./support.ts";

describe("GET /docs", () => {
  it("/docs loads nothing from another host, and its policy allows no inline script", async () => {
    const response = await call("GET", "/docs");
    expect([response.status, response.headers.get("content-type")]).toEqual([200, "text/html; charset=UTF-8"]);
    const page = await response.text();
    const loaded = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address);
    expect(loaded).toContain("/docs-assets/swagger-ui-bundle.js");
    expect(loaded.filter((address) => !/^\/[^/]/.test(address ?? ""))).toEqual([]);
    // Each script has a source and nothing between its tags.
    expect(page.match(/<script\b[^>]*>[^<]*/g)).toEqual(
      expect.arrayContaining([expect.stringMatching(/^<script src="[^"]+" defer>$/)]),
    );
    expect(page).not.toMatch(/<script(?![^>]*src=)|\son\w+=|<script[^>]*>[^<]/);

    const policy = response.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).toMatch(/script-src 'self'(;|$)/);
    expect(policy).toContain("connect-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("base-uri 'none'");
  });

  it("/docs has the other security headers", async () => {
    const { headers } = await call("GET", "/docs");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect(headers.get("strict-transport-security")).toMatch(/max-age=\d{7,}/);
    expect(headers.get("x-frame-options")).toBe("SAMEORIGIN");
  });
});
