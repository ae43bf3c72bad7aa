import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

test("50,000 products of some 80 MB stream through a heap of 64 MB", async () => {
  const script = fileURLToPath(new URL("../support/stream-products.ts", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [
    "--max-old-space-size=64",
    "--import",
    "tsx",
    script,
  ]);
  const result = JSON.parse(stdout);
  expect(result.decoded).toBe(50_000);
  expect(result.bytes).toBeGreaterThan(80_000_000);
  expect(result.max_heap_mb).toBeLessThan(64);
});
