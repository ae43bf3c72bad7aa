import { Hono } from "hono";
import { html } from "hono/html";
import type { AppEnv } from "../../requests/context.ts";
import { contentPolicy } from "../../requests/middleware.ts";

/**
 * The page on which people read and try the API. Its script and style are our own static assets (`npm run build:dashboard`
 * puts them there, see scripts/copy-docs-assets.ts). So no other host sees who reads it, or can change it.
 */
const ASSETS = "/docs-assets";

export const docsRoutes = new Hono<AppEnv>().get(
  "/docs",
  // Swagger UI sets style attributes. It needs no inline scripts.
  contentPolicy(
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  ),
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
