import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { apiPage } from "../../support/api-page.ts";
import { openApiDocument } from "../../support/openapi-document.ts";

const document = await openApiDocument();

it("docs/api.md equals the OpenAPI document (`npm run docs:api` renews it)", async () => {
  await expect(apiPage(document)).toMatchFileSnapshot("../../../docs/api.md");
});

it("docs/api.md has every route, with its role", () => {
  const page = readFileSync("docs/api.md", "utf8");
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [method, { security }] of Object.entries(methods)) {
      const [, section = ""] = page.split(`### ${method.toUpperCase()} ${path}\n`);
      const role = security?.length === 0 ? "none" : "(viewer|manager|admin)";
      expect(section.split("\n### ")[0], `${method} ${path}`).toMatch(new RegExp(`^Role: ${role}`, "m"));
    }
  }
});
