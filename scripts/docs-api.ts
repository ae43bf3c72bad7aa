import { writeFileSync } from "node:fs";
import { apiPage } from "./support/api-page.ts";
import { openApiDocument } from "./support/openapi-document.ts";

// npm run docs:api: renews docs/api.md. A test (test/unit/api/page.test.ts) fails when it is stale.

writeFileSync("docs/api.md", apiPage(await openApiDocument()));
