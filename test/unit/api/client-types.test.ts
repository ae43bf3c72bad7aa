import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";
import { clientTypes } from "../../support/client-types.ts";
import { openApiDocument } from "../../support/openapi-document.ts";

it("the client's types equal the OpenAPI document (`npm run docs:api` renews them)", async () => {
  const source = clientTypes(await openApiDocument());
  const format = ["format", "--stdin-file-path=src/client/api.ts"];
  const formatted = execFileSync("node_modules/.bin/biome", format, { input: source, encoding: "utf8" });
  await expect(formatted).toMatchFileSnapshot("../../../src/client/api.ts");
});
