import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-pool-workers";
import { defineConfig } from "vitest/config";
import { workerPackages } from "./test/support/worker-packages.ts";

// Random interleavings in workerd. The queues have no consumers here: the driver delivers each message itself, so that it
// decides when, how often and in what order. See test/chaos/driver.ts; `npm run test:chaos -- --seeds 2000` runs many.
export default defineConfig({
  plugins: [
    cloudflareTest(async () => ({
      main: "./src/index.ts",
      wrangler: { configPath: "./test/chaos/wrangler.toml" },
      miniflare: {
        bindings: {
          AUTH_JWT_SECRET: "test-only-secret-of-at-least-32-bytes-0001",
          CREDENTIAL_KEYS: JSON.stringify({ test1: btoa("t".repeat(32)) }),
          MIGRATIONS_ACCOUNTS: await readD1Migrations("migrations/accounts"),
          MIGRATIONS_RECORDS: await readD1Migrations("migrations/records"),
          CHAOS_SEEDS: process.env.CHAOS_SEEDS ?? "8",
          CHAOS_FIRST: process.env.CHAOS_FIRST ?? "1",
          CHAOS_LIES: process.env.CHAOS_LIES ?? "",
        },
      },
    })),
  ],
  test: {
    name: "chaos",
    include: ["test/chaos/*.test.ts"],
    setupFiles: ["test/worker/setup.ts"],
    // Vitest would leave one of two cores idle.
    maxWorkers: "100%",
    deps: { optimizer: { ssr: { enabled: true, include: workerPackages() } } },
    testTimeout: 1_800_000,
  },
});
