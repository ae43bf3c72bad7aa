import { defineConfig } from "vitest/config";

// The Worker as a process of its own against the simulator, over HTTP. Each file starts a runtime with ports and a state of its
// own and waits half of its time, so four run side by side on two cores.
export default defineConfig({
  test: {
    name: "e2e",
    environment: "node",
    include: ["test/e2e/**/*.test.ts"],
    testTimeout: 300_000,
    // Vitest would give up after a second, which a busy machine can need for one answer.
    expect: { poll: { timeout: 60_000 } },
    hookTimeout: 120_000,
    maxWorkers: 4,
  },
});
