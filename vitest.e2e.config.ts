import { defineConfig } from "vitest/config";

// The Worker as a process of its own against the simulator, over HTTP. One file at a time: each starts a runtime.
export default defineConfig({
  test: {
    name: "e2e",
    environment: "node",
    include: ["test/e2e/**/*.test.ts"],
    testTimeout: 180_000,
    hookTimeout: 120_000,
    fileParallelism: false,
  },
});
