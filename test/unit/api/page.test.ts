import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { apiPage } from "../../../scripts/support/api-page.ts";
import { openApiDocument } from "../../../scripts/support/openapi-document.ts";

it("docs/api.md says what the OpenAPI document says; when it is stale, `npm run docs:api` renews it", async () => {
  expect(readFileSync("docs/api.md", "utf8")).toBe(apiPage(await openApiDocument()));
});

it("docs/api.md has every route, with its role", async () => {
  const page = readFileSync("docs/api.md", "utf8");
  const { paths } = await openApiDocument();
  for (const [path, methods] of Object.entries(paths)) {
    for (const [method, { security }] of Object.entries(methods)) {
      const [, section = ""] = page.split(`### ${method.toUpperCase()} ${path}\n`);
      const role = security === undefined ? "none" : "(viewer|manager|admin)";
      expect(section.split("\n### ")[0], `${method} ${path}`).toMatch(new RegExp(`^Role: ${role}`, "m"));
    }
  }
});
