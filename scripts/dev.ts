import { spawn } from "node:child_process";
import { migrateLocal } from "./support/local-databases.ts";
import { ensureDevVars } from "./support/worker-process.ts";

// npm run dev: the Worker alone on port 8787, its local D1 migrated, development secrets from .dev.vars.
ensureDevVars();
await migrateLocal(".wrangler/state");
const child = spawn(process.execPath, ["node_modules/wrangler/bin/wrangler.js", "dev", ...process.argv.slice(2)], {
  stdio: "inherit",
});
child.on("exit", (code) => process.exit(code ?? 1));
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => child.kill(signal));
