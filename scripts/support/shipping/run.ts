import { spawnSync } from "node:child_process";

interface Ran {
  ok: boolean;
  /** What the command printed, errors behind. */
  output: string;
  /** What it printed for a program to read. */
  stdout: string;
}

export type Run = (command: string, args: readonly string[], input?: string) => Ran;

/** More than any of these commands prints, bytes. */
const MAX_OUTPUT_BYTES = 16 * 1_048_576;

/** Runs a command; `npm run` has put wrangler on the path. With `input` a secret passes by, where no list of processes shows it. */
export const run: Run = (command, args, input) => {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    encoding: "utf8",
    maxBuffer: MAX_OUTPUT_BYTES,
    env: { ...process.env, CI: "true", WRANGLER_SEND_METRICS: "false" },
    ...(input === undefined ? { stdio: ["ignore", "pipe", "pipe"] as const } : { input }),
  });
  if (error !== undefined) return { ok: false, output: error.message, stdout: "" };
  return { ok: status === 0, output: `${stdout}${stderr}`, stdout };
};

/** A step that did not work. The message says which, and what the command printed. */
export class StepFailed extends Error {
  override readonly name = "StepFailed";
}

/** Runs a command that must work. Returns what it printed for a program to read. */
export function must(run: Run, command: string, args: readonly string[], input?: string): string {
  const { ok, output, stdout } = run(command, args, input);
  if (!ok) throw new StepFailed(`${command} ${args.join(" ")} failed:\n${output.trim()}`);
  return stdout;
}
