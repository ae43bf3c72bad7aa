import { Hono } from "hono";
import { html } from "hono/html";
import { secureHeaders } from "hono/secure-headers";
import type { AppEnv } from "../requests/context.ts";

/**
 * A page to read the API contract and try it. Its script and style are static assets of our own (`npm run build:dashboard`
 * puts them there, see scripts/copy-docs-assets.ts), so that no other host learns who reads it or can change it.
 */
const ASSETS = "/docs-assets";

export const docsRoutes = new Hono<AppEnv>().get(
  "/docs",
  secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      // Swagger UI sets style attributes; scripts it has in its file only.
      styleSrc: ["'self'", "'unsafe-inline'"],
      imgSrc: ["'self'", "data:"],
      connectSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
    },
  }),
  (c) =>
    c.html(html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>ReUp – Dutchie: API</title>
    <link rel="icon" href="/favicon.svg">
    <link rel="stylesheet" href="${ASSETS}/swagger-ui.css">
    <script src="${ASSETS}/swagger-ui-bundle.js" defer></script>
    <script src="${ASSETS}/start.js" defer></script>
  </head>
  <body>
    <main id="docs"><p>The API contract as OpenAPI 3.1: <a href="/openapi.json">openapi.json</a>.</p></main>
  </body>
</html>`),
);
