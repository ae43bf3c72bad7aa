import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished, vi } from "vitest";

/** What a command prints. The first entry whose pattern (of the shell) fits the command line answers. */
export type Answers = readonly (readonly [pattern: string, printed: string, status?: number])[];

/**
 * Puts doubles of `wrangler`, `git` and `npm` on the path for one test. They print what was recorded of wrangler 4, and a
 * command without a recorded answer fails. Returns the command lines so far, each with what came on its standard input.
 */
export function fakeCommands(answers: Answers): () => string[] {
  const folder = mkdtempSync(join(tmpdir(), "commands-"));
  const log = join(folder, "log");
  writeFileSync(log, "");
  const cases = answers.map(([pattern, printed, status = 0], index) => {
    writeFileSync(join(folder, `${index}.out`), printed);
    const spaced = pattern.replaceAll(" ", "\\ ");
    return `${spaced}) cat "${folder}/${index}.out"${status === 0 ? "" : " >&2"}; exit ${status} ;;`;
  });
  for (const name of ["wrangler", "git", "npm"]) {
    const lines = [
      "#!/bin/sh",
      `command="${name} $*"`,
      'if [ "$2" = put ]; then read -r line; command="$command < $line"; fi',
      `printf '%s\\n' "$command" >> "${log}"`,
      'case "$command" in',
      ...cases,
      '*) echo "no answer is recorded: $command" >&2; exit 1 ;;',
      "esac",
      "",
    ];
    writeFileSync(join(folder, name), lines.join("\n"));
    chmodSync(join(folder, name), 0o755);
  }
  vi.stubEnv("PATH", `${folder}:/usr/bin:/bin`);
  onTestFinished(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });
  return () => readFileSync(log, "utf8").split("\n").slice(0, -1);
}
