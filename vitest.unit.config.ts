import { defineConfig } from "vitest/config";

// Pure code, the simulator, and a sample of the chaos suite on the platform for tests: all in node.
export default defineConfig({
  resolve: { alias: { "cloudflare:workers": "/test/support/node-platform/cloudflare-workers.ts" } },
  test: {
    name: "unit",
    environment: "node",
    include: ["test/unit/**/*.test.ts", "test/chaos/node/**/*.test.ts"],
    // Vitest would leave one of two cores idle.
    maxWorkers: "100%",
    testTimeout: 120_000,
    // The checker of patterns uses its binary where the machine has one (five times as fast), else JavaScript.
    env: { RECHECK_BACKEND: "auto" },
  },
});
