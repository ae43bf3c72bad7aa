import { run } from "./support/shipping/run.ts";

/** npm run dry-runs: builds the Worker for each environment as a deployment would, and fails on any warning of wrangler. */
for (const env of ["staging", "production"]) {
  const args = ["deploy", "--dry-run", "--env", env, "--outdir", `dist/${env}`];
  const { ok, output } = run("wrangler", args);
  const isFine = ok && !/WARNING|ERROR/.test(output);
  console.log(`${isFine ? "✓" : "✗"} wrangler ${args.join(" ")}${isFine ? "" : `\n${output}`}`);
  if (!isFine) process.exitCode = 1;
}
