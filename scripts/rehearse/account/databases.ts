import { randomUUID } from "node:crypto";
import { Hono } from "hono";
import { type Account, Refusal } from "./account.ts";
import { done, listed } from "./answers.ts";

/** Runs SQL on a database of the account, all of it or nothing. */
export type Query = (database: string, sql: string) => Promise<object[]>;

export function databases(account: Account, query: Query): Hono {
  const api = new Hono();
  const find = (idOrName: string) => {
    const found = [...account.databases.values()].find(({ uuid, name }) => uuid === idOrName || name === idOrName);
    if (found === undefined) throw new Refusal(404, 7404, "The database could not be found");
    return found;
  };

  api.get("/d1/database", (c) => c.json(listed([...account.databases.values()])));

  api.post("/d1/database", async (c) => {
    const { name } = await c.req.json<{ name: string }>();
    if (account.databases.has(name)) throw new Refusal(400, 7502, `Database with name '${name}' already exists`);
    const made = { uuid: randomUUID(), name, created_at: account.now(), version: "production" };
    account.databases.set(name, made);
    return c.json(done({ ...made, created_in_region: "ENAM" }));
  });

  api.get("/d1/database/:id", (c) => c.json(done(find(c.req.param("id")))));

  api.post("/d1/database/:id/query", async (c) => {
    const { sql } = await c.req.json<{ sql: string }>();
    const { uuid } = find(c.req.param("id"));
    try {
      return c.json(done(await query(uuid, sql)));
    } catch (error) {
      throw new Refusal(400, 7500, error instanceof Error ? error.message : String(error));
    }
  });
  return api;
}
