import { defineConfig } from "vitest/config";

// Chromium against the whole thing. Not part of `npm test`: it needs /usr/bin/chromium and a built dashboard.
export default defineConfig({
  test: {
    name: "browser",
    environment: "node",
    include: ["test/browser/**/*.test.ts"],
    testTimeout: 180_000,
    hookTimeout: 120_000,
    fileParallelism: false,
  },
});
