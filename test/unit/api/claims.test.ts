import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readClaims } from "../../../src/api/requests/claims.ts";
import { refusalText } from "../../../src/domain/rights.ts";

const roleOf = (claims: object) => readClaims({ retailer_id: "ret_1", ...claims })?.role;

describe("the claims of a token", () => {
  it.each<[string, object, string | null]>([
    ["each role of ours", { role: "manager" }, "manager"],
    ["ReUp's owner", { role: "owner" }, "admin"],
    ["an unknown role", { role: "retailer" }, null],
    ["no role", {}, null],
    ["a role in capitals", { role: "ADMIN" }, null],
    ["a list of roles", { role: ["admin"] }, null],
    ["a prototype's word", { role: "constructor" }, null],
    ["permission to read", { permissions: ["read:inventory"] }, "viewer"],
    ["permission to write", { permissions: ["read:inventory", "write:inventory"] }, "manager"],
    ["permission to configure", { permissions: ["admin:settings", "read:inventory"] }, "admin"],
    ["an unknown role beside a permission", { role: "retailer", permissions: ["read:inventory"] }, "viewer"],
    ["a known role beside a greater permission", { role: "viewer", permissions: ["admin:settings"] }, "viewer"],
    ["permissions for something else", { permissions: ["read:orders", "write:products", "admin:*"] }, null],
    ["permissions as one text", { permissions: "admin:settings" }, null],
    ["permissions as an object", { permissions: { "admin:settings": true } }, null],
    ["nested permissions", { permissions: [["admin:settings"]] }, null],
  ])("%s", (_, claims, role) => {
    expect(roleOf(claims)).toBe(role);
  });

  it.each<[string, object, string | undefined]>([
    ["retailer_id", { retailer_id: "a" }, "a"],
    ["entity_id", { entity_id: "b" }, "b"],
    ["both, and the same", { retailer_id: "a", entity_id: "a" }, "a"],
    ["both, and different", { retailer_id: "a", entity_id: "b" }, undefined],
    ["neither", {}, undefined],
    ["an empty one", { entity_id: "" }, undefined],
    ["a number", { entity_id: 7 }, undefined],
    ["an endless one", { entity_id: "x".repeat(201) }, undefined],
    ["an endless one beside ours", { retailer_id: "a", entity_id: "x".repeat(201) }, undefined],
  ])("the retailer by %s", (_, claims, retailer_id) => {
    expect(readClaims(claims)?.retailer_id).toBe(retailer_id);
  });

  it("fails closed: only the words that are known give a right", () => {
    const known = ["viewer", "manager", "admin", "owner", "read:inventory", "write:inventory", "admin:settings"];
    const unknown = fc.oneof(fc.string(), fc.anything()).filter((value) => !known.includes(value as string));
    fc.assert(
      fc.property(unknown, fc.oneof(fc.array(unknown), unknown), (role, permissions) => {
        fc.pre(!Array.isArray(permissions) || !permissions.some((each) => known.includes(each as string)));
        expect(roleOf({ role, permissions })).toBeNull();
      }),
    );
  });

  it("a refusal says what is needed and what the token has", () => {
    expect(refusalText("viewer", "admin")).toBe("This needs the role admin; your token has the role viewer.");
    expect(refusalText(null, "manager")).toMatch(
      /^This needs the role manager\. Your token has no role .*write:inventory/,
    );
  });
});
