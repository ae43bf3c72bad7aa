import { defineConfig } from "vitest/config";

// Pure code and the simulator, in node.
export default defineConfig({
  test: {
    name: "unit",
    environment: "node",
    include: ["test/unit/**/*.test.ts"],
    testTimeout: 30_000,
    // The checker of patterns runs in JavaScript, not in a binary that a machine may lack.
    env: { RECHECK_BACKEND: "pure" },
  },
});
