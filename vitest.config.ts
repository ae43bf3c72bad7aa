import { defineConfig } from "vitest/config";
import { beginWith } from "./test/support/begin-with.ts";

export default defineConfig({
  test: {
    // The Worker logs each step, batch and event: shown of tests that fail.
    silent: "passed-only",
    sequence: {
      sequencer: beginWith("/e2e/rehearsal.test.ts", "/e2e/commands.test.ts", "/worker/security/echo.test.ts"),
    },
    projects: [
      "./vitest.unit.config.ts",
      "./vitest.worker.config.ts",
      "./vitest.chaos.config.ts",
      "./vitest.e2e.config.ts",
    ],
  },
});
