import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { customerKey, keyRange, ownKey } from "../../../../src/domain/insights/pseudonym.ts";

const secret = new Uint8Array(32).fill(7);
const pepper = { id: "Ab_-12", secret };
const id = fc.string({ minLength: 1, maxLength: 40 });

describe("a customer's pseudonym", () => {
  it("a pseudonym is an HMAC under the store's pepper, and begins with the pepper's id", () => {
    const mac = createHmac("sha256", secret).update("700123").digest().subarray(0, 12).toString("base64url");
    expect(customerKey(pepper, "700123")).toBe(`Ab_-12.${mac}`);
  });

  it("a pseudonym is the same for one customer, and another for another customer or pepper", () => {
    fc.assert(
      fc.property(id, id, (one, other) => {
        expect(customerKey(pepper, one)).toBe(customerKey(pepper, one));
        if (one !== other) expect(customerKey(pepper, one)).not.toBe(customerKey(pepper, other));
        const elsewhere = { ...pepper, secret: new Uint8Array(32).fill(8) };
        expect(customerKey(pepper, one)).not.toBe(customerKey(elsewhere, one));
      }),
    );
  });

  it("a pseudonym belongs to the pepper that made it, and lies in its range", () => {
    const pepperId = fc.stringMatching(/^[A-Za-z0-9_-]{6}$/);
    fc.assert(
      fc.property(id, pepperId, pepperId, (customer, mine, other) => {
        const key = customerKey({ id: mine, secret }, customer);
        expect(ownKey(key, mine)).toBe(key);
        expect(ownKey(key, null)).toBeNull();
        const { first, end } = keyRange(mine);
        expect(key >= first && key < end).toBe(true);
        if (mine === other) return;
        expect(ownKey(key, other)).toBeNull();
        const others = keyRange(other);
        expect(key >= others.first && key < others.end).toBe(false);
      }),
    );
  });
});
