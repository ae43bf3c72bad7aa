import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Figure } from "../figure.ts";

/** What is uploaded: a Worker starts the sooner the less there is to parse. */
export const bundle: Figure = {
  id: "bundle",
  about: "size of the Worker's bundle, gzip",
  measure: async () => {
    const outdir = mkdtempSync(join(tmpdir(), "reup-dutchie-bundle-"));
    const wrangler = [
      "node_modules/wrangler/bin/wrangler.js",
      "deploy",
      "--dry-run",
      "--env",
      "production",
      "--outdir",
      outdir,
    ];
    const env = { ...process.env, WRANGLER_SEND_METRICS: "false", CI: "true" };
    const text = execFileSync(process.execPath, wrangler, { encoding: "utf8", env, stdio: ["ignore", "pipe", "pipe"] });
    rmSync(outdir, { recursive: true });
    const [, whole, gzip] = /Total Upload: ([\d.]+) KiB \/ gzip: ([\d.]+) KiB/.exec(text) ?? [];
    if (gzip === undefined) throw new Error(`wrangler did not tell the size: ${text.slice(0, 500)}`);
    const target = { of: "value", at: "most", number: 300 } as const;
    return [{ figure: "bundle, gzip", value: Number(gzip), unit: "KB", target, more: { whole_kb: Number(whole) } }];
  },
};
