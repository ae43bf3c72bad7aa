import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createClient } from "../../../../src/dutchie/client.ts";
import { classifyResponse } from "../../../../src/dutchie/http/classify-response.ts";
import { withoutContacts } from "../../../../src/dutchie/http/contacts.ts";
import { config } from "../support/server.ts";

describe("the quote in an error", () => {
  it.each([
    ["No customer jane.doe@example.com", "No customer [e-mail address]"],
    ['{"email":"Jane@Example.com","id":12}', '{"email":"[e-mail address]","id":12}'],
    ["mailto:jane%40example.com failed", "mailto:[e-mail address] failed"],
    ["Call (303) 555-0142 please", "Call [number] please"],
    ["+1 303.555.0142.", "[number]."],
    ["555-0142", "[number]"],
    ["customer 3035550142 is blocked", "customer [number] is blocked"],
  ])("a contact is removed from a quote: %s", (said, shown) => {
    expect(withoutContacts(said)).toBe(shown);
  });

  it.each([
    "Too many requests - only 60 per minute allowed",
    "Invalid column name 'Sku'. Line 12, state 1",
    "took 30.5 s",
    "",
  ])("a quote keeps text that is no contact: %s", (said) => {
    expect(withoutContacts(said)).toBe(said);
  });

  it("a contact is removed whatever stands around it", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, after) => {
        const shown = withoutContacts(`${before} jane@example.com, 303 555 0142 ${after}`);
        expect(shown).not.toMatch(/jane|example|0142/);
        expect(withoutContacts(shown)).toBe(shown);
      }),
    );
  });

  it("a contact is removed from an error with status 500 or 200, also at the border of the quote", async () => {
    const asked = { path: "/products", role: null, now: 0, isWrite: false, containsSecret: () => false };
    const long = `${"x".repeat(195)} jane@example.com`;
    expect(classifyResponse(500, new Headers(), long, asked).message).not.toContain("jane");

    const fetch = async () => Response.json({ error: "Failed for jane@example.com, 303-555-0142" });
    const read = await createClient(config("https://dutchie.example"), { fetch }).read("products");
    expect(read.ok ? "" : read.error.message).toBe(
      "Dutchie answered with an error instead of rows: Failed for [e-mail address], [number]",
    );
  });
});
