import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** Part of `npm run build:dashboard`: copies what the page /docs (src/api/routes/public/docs.ts) loads to the dashboard's files. */
const from = dirname(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json"));
const to = join("dashboard", "dist", "docs-assets");

mkdirSync(to, { recursive: true });
for (const name of ["swagger-ui.css", "swagger-ui-bundle.js"]) copyFileSync(join(from, name), join(to, name));
// A file of its own, because the page's CSP allows no inline script. `validatorUrl: null`: else Swagger calls its own host.
writeFileSync(
  join(to, "start.js"),
  'SwaggerUIBundle({ url: "/openapi.json", dom_id: "#docs", validatorUrl: null, tryItOutEnabled: true });\n',
);
