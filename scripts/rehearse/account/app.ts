import { Hono } from "hono";
import type { Account } from "./account.ts";
import { Refusal } from "./account.ts";
import { done, listed } from "./answers.ts";
import { databases, type Query } from "./databases.ts";
import { files } from "./files.ts";
import { queues } from "./queues.ts";
import { triggers } from "./triggers.ts";
import { workers } from "./workers.ts";

/**
 * Cloudflare's API of an account, as far as wrangler's commands of ours ask for it, with Cloudflare's answers. A question that
 * is not known is answered 501, and listed.
 */
export function accountApi(account: Account, query: Query): Hono {
  const api = new Hono();
  api.use(async (c, next) => {
    const question = `${c.req.method} ${new URL(c.req.url).pathname}`;
    const fault = [...account.faults].find(({ on }) => on.test(question));
    if (fault !== undefined) {
      account.faults.delete(fault);
      throw new Refusal(fault.status, fault.code, fault.message);
    }
    await next();
  });
  const mine = new Hono();
  mine.use(async (c, next) => {
    // The upload of files has a token of its own.
    const isUpload = /\/workers\/assets\/upload$/.test(c.req.path);
    if (!isUpload && c.req.header("authorization") !== `Bearer ${account.token}`)
      throw new Refusal(403, 10000, "Authentication error");
    await next();
  });
  for (const part of [databases(account, query), queues(account), files(account), workers(account), triggers(account)])
    mine.route("/", part);
  api.route(`/accounts/${account.id}`, mine);
  // Asked after a refusal, to say whose the token is.
  api.get("/user/tokens/verify", (c) => c.json(done({ id: account.id, status: "active" })));
  api.get("/user", (c) => c.json(done({ email: "ops@shop.com" })));
  api.get("/accounts", (c) => c.json(listed([{ id: account.id, name: "Rehearsal" }])));
  api.get("/memberships", (c) => c.json(listed([{ account: { id: account.id, name: "Rehearsal" }, roles: [] }])));
  api.notFound((c) => {
    account.unknown.push(`${c.req.method} ${c.req.path}`);
    return c.json(failed(7000, `The double has no answer to ${c.req.method} ${c.req.path}`), 501);
  });
  api.onError((error, c) => {
    if (error instanceof Refusal) return c.json(failed(error.code, error.message), error.status as 400);
    account.unknown.push(`${c.req.method} ${c.req.path}: ${error.stack ?? error.message}`);
    return c.json(failed(7001, `The double failed: ${error.message}`), 501);
  });
  return api;
}

const failed = (code: number, message: string) => ({
  success: false,
  errors: [{ code, message }],
  messages: [],
  result: null,
});
