import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    // The Worker logs each step, batch and event: shown of tests that fail.
    silent: "passed-only",
    projects: [
      "./vitest.unit.config.ts",
      "./vitest.worker.config.ts",
      "./vitest.chaos.config.ts",
      "./vitest.e2e.config.ts",
    ],
  },
});
