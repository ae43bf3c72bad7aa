import { createHash } from "node:crypto";
import { Hono } from "hono";
import { type Account, Refusal } from "./account.ts";
import { done } from "./answers.ts";

type Manifest = Record<string, { hash: string; size: number }>;

/** The dashboard's files: what the account has not got is asked for, and the manifest is the ticket for a version. */
export function files(account: Account): Hono {
  const api = new Hono();

  api.post("/workers/scripts/:name/assets-upload-session", async (c) => {
    const { manifest } = await c.req.json<{ manifest: Manifest }>();
    const missing = [...new Set(Object.values(manifest).map(({ hash }) => hash))].filter(
      (hash) => !account.files.has(hash),
    );
    return c.json(done({ jwt: ticketOf(manifest), buckets: missing.length === 0 ? [] : [missing] }));
  });

  api.post("/workers/assets/upload", async (c) => {
    const form = await c.req.formData();
    for (const [hash, file] of form)
      account.files.set(hash, Buffer.from(typeof file === "string" ? file : await file.text(), "base64"));
    return c.json(done({ jwt: c.req.header("authorization")?.replace(/^Bearer /, "") }));
  });
  return api;
}

/** As a JSON web token, of which wrangler reads only the middle. */
const ticketOf = (manifest: Manifest): string => {
  const middle = Buffer.from(JSON.stringify({ manifest })).toString("base64url");
  return `${Buffer.from("{}").toString("base64url")}.${middle}.${createHash("sha256").update(middle).digest("base64url")}`;
};

/** The files that a ticket stands for. */
export function filesOf(account: Account, ticket: string): Map<string, Buffer> {
  const { manifest } = JSON.parse(Buffer.from(ticket.split(".")[1] ?? "", "base64url").toString()) as {
    manifest: Manifest;
  };
  return new Map(
    Object.entries(manifest).map(([path, { hash }]) => {
      const content = account.files.get(hash);
      if (content === undefined) throw new Refusal(400, 10024, `The file ${path} was not uploaded`);
      return [path, content];
    }),
  );
}
