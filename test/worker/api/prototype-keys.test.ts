import { describe, expect, it } from "vitest";
import { call, errorOf, seedStore, token } from "./support.ts";

describe("a key of a body that would be dropped", () => {
  const patch = async (raw: string) => {
    const { row } = await seedStore();
    const given = { token: await token(), raw, headers: { "content-type": "application/json" } };
    return call("PATCH", `/v1/locations/${row.location_id}`, given);
  };

  it.each([
    ['{"settings":{"room_types":{"__proto__":"vault","Vault":"vault"}}}', "settings.room_types.__proto__"],
    ['{"settings":{"room_types":{"\\u005f_proto__":"vault"}}}', "settings.room_types.__proto__"],
    ['{"settings":{"categories":{"__proto__":"edibles"}}}', "settings.categories.__proto__"],
    ['{"settings":{"field_authority":{"__proto__":"reup"}}}', "settings.field_authority.__proto__"],
    ['{"name":"Main","__proto__":{"name":"x"}}', "__proto__"],
    ['{"settings":{"x":[1,{"__proto__":1}]}}', "settings.x.1.__proto__"],
  ])("%s is 400 and names it", async (raw, path) => {
    const refused = await patch(raw);
    expect(refused.status).toBe(400);
    expect(await errorOf(refused)).toMatchObject({ code: "INVALID_REQUEST", details: { issues: [{ path }] } });
  });

  it("a room may have the name of anything else that each object has, and a text may say it", async () => {
    const names = { constructor: "vault", prototype: "vault", toString: "vault", "__proto__ room": "vault" };
    const saved = await patch(JSON.stringify({ name: "__proto__", settings: { room_types: names } }));
    expect(saved.status).toBe(200);
    const { settings, name } = await saved.json<{ name: string; settings: { room_types: object } }>();
    expect([name, settings.room_types]).toEqual(["__proto__", names]);
  });

  it("a body that is no JSON gets the answer for that", async () => {
    const refused = await patch('{"__proto__":');
    expect(await errorOf(refused)).toMatchObject({ message: "The body is not JSON." });
  });
});
