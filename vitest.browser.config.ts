import { defineConfig } from "vitest/config";
import { beginWith } from "./test/support/begin-with.ts";

// Chromium against the whole thing. Not part of `npm test`: it needs /usr/bin/chromium and the built pages.
// Each file starts a runtime of its own and mostly waits, so four run side by side on two cores.
export default defineConfig({
  test: {
    name: "browser",
    environment: "node",
    include: ["test/browser/**/*.test.ts"],
    testTimeout: 300_000,
    // Vitest would give up after a second, which a busy machine can need for one answer.
    expect: { poll: { timeout: 20_000 } },
    hookTimeout: 120_000,
    maxWorkers: 4,
    sequence: { sequencer: beginWith("/browser/inventory.test.ts", "/browser/chain.test.ts") },
  },
});
