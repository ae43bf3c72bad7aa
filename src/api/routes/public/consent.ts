import { zValidator } from "@hono/zod-validator";
import { type Context, Hono } from "hono";
import { html } from "hono/html";
import { z } from "zod";
import { confirm, readLink } from "../../../alerts/consent.ts";
import { MAX_LINK_TOKEN } from "../../../domain/bounds.ts";
import type { AppEnv } from "../../requests/context.ts";
import { contentPolicy, limitBody } from "../../requests/middleware.ts";

const PATH = "/consent/email";

const carried = z.object({ token: z.string().max(MAX_LINK_TOKEN) });
/** A missing or malformed token gets the same page as an old link. */
const tokenIn = <T extends "query" | "form">(target: T) =>
  zValidator(target, carried, ({ success }, c) => (success ? undefined : tooOld(c)));

/** The page behind the link in an e-mail. Opening it changes nothing, because mail scanners open links, too. */
export const consentRoutes = new Hono<AppEnv>()
  .use(PATH, contentPolicy("default-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"))
  .get(PATH, tokenIn("query"), async (c) => {
    const { token } = c.req.valid("query");
    if ((await readLink(c.env, token, c.var.deps.now())) === null) return tooOld(c);
    return c.html(
      page(html`<p>Somebody who manages stores in ReUp wants to send alerts about their syncs to your e-mail address.</p>
        <form method="post" action="${PATH}">
          <input type="hidden" name="token" value="${token}">
          <button type="submit">Yes, send alerts to me</button>
        </form>
        <p>If you did not expect this, close the page. You will then get no alerts.</p>`),
    );
  })
  .post(PATH, limitBody, tokenIn("form"), async (c) => {
    const link = await readLink(c.env, c.req.valid("form").token, c.var.deps.now());
    if (link === null) return tooOld(c);
    await confirm(c.env, link, c.var.deps.now());
    return c.html(page(html`<p>Thank you. Alerts will be sent to your address from now on.</p>`));
  });

const tooOld = (c: Context) =>
  c.html(page(html`<p>This link is no longer valid. Ask the person who sent it for a new one.</p>`), 400);

const page = (content: ReturnType<typeof html>) => html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>ReUp – Dutchie: alerts by e-mail</title>
  </head>
  <body>
    <main><h1>Alerts by e-mail</h1>${content}</main>
  </body>
</html>`;
