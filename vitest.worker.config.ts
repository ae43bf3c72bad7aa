import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-pool-workers";
import { defineConfig } from "vitest/config";
import { unstable_readConfig } from "wrangler";
import { workerPackages } from "./test/support/worker-packages.ts";

/** The part of wrangler's configuration that is read here; its own type is not exported whole. */
interface Config {
  queues: { producers: { binding: string; queue: string }[] };
}
const { queues } = unstable_readConfig({ config: "./wrangler.toml" }) as unknown as Config;

// The Worker in the real runtime (workerd), with its bindings from wrangler.toml and secrets of its own.
export default defineConfig({
  plugins: [
    cloudflareTest(async () => ({
      wrangler: { configPath: "./wrangler.toml" },
      miniflare: {
        // Nothing in here may reach the network: a test that does has forgotten to bring its own Dutchie.
        outboundService: (request: { url: string }) => {
          throw new Error(`A test went out to ${request.url}`);
        },
        // Queues that nobody consumes: the tests deliver each message themselves, and none comes to a later file of tests.
        queueProducers: Object.fromEntries(
          queues.producers.map(({ binding, queue }) => [binding, `${queue}-of-tests`]),
        ),
        bindings: {
          // As in production; development waits a minute, for local queues forget their messages.
          QUEUED_MS: "3600000",
          AUTH_JWT_SECRET: "test-only-secret-of-at-least-32-bytes-0001",
          CREDENTIAL_KEYS: JSON.stringify({ test1: btoa("t".repeat(32)), test0: btoa("o".repeat(32)) }),
          MIGRATIONS_ACCOUNTS: await readD1Migrations("migrations/accounts"),
          MIGRATIONS_RECORDS: await readD1Migrations("migrations/records"),
        },
      },
    })),
  ],
  test: {
    name: "worker",
    include: ["test/worker/**/*.test.ts"],
    setupFiles: ["test/worker/setup.ts"],
    // Vitest would leave one of two cores idle.
    maxWorkers: "100%",
    isolate: false,
    deps: { optimizer: { ssr: { enabled: true, include: workerPackages() } } },
    testTimeout: 120_000,
    // Vitest would give up after a second, which a busy machine can need for one answer.
    expect: { poll: { timeout: 20_000 } },
  },
});
