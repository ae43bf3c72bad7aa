import { spawn } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { Cloudflare } from "./cloudflare.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** What is not copied: it is made, or it is large and the same everywhere. */
const LEFT_OUT = /^(?:node_modules|\.git|\.wrangler|dist|dashboard\/dist)(?:\/|$)/;

export interface Ran {
  ok: boolean;
  output: string;
}

/**
 * A copy of this project with a history of its own, in which an operator's commands run as they are; only the account is a
 * double. `npm run check` runs here, in the original: a copy of all packages would take longer than the checks. A quick workshop
 * leaves it out, and builds the dashboard once.
 */
export class Workshop {
  private constructor(
    readonly folder: string,
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  static async open(cloudflare: Cloudflare, host: string, given: { quick: boolean }): Promise<Workshop> {
    const folder = mkdtempSync(join(tmpdir(), "rehearsal-"));
    const project = join(folder, "project");
    cpSync(ROOT, project, { recursive: true, filter: (source) => !LEFT_OUT.test(relative(ROOT, source)) });
    symlinkSync(join(ROOT, "node_modules"), join(project, "node_modules"));
    // Before the real npm on the path.
    const commands = join(folder, "commands");
    mkdirSync(commands);
    const script = [
      "#!/bin/sh",
      `npm="${npmPath()}"`,
      'case "$*" in',
      `"run --silent check") ${given.quick ? "exit 0" : `cd "${ROOT}"`} ;;`,
      ...(given.quick ? ['"run --silent build:dashboard") [ -e dashboard/dist/index.html ] && exit 0 ;;'] : []),
      "esac",
      'exec "$npm" "$@"',
      "",
    ];
    writeFileSync(join(commands, "npm"), script.join("\n"));
    chmodSync(join(commands, "npm"), 0o755);
    const visit = fileURLToPath(new URL("visit.mjs", import.meta.url));
    const workshop = new Workshop(project, {
      PATH: `${commands}:${process.env.PATH}`,
      // Wrangler keeps its sign-in and its logs here.
      HOME: folder,
      XDG_CONFIG_HOME: folder,
      // Wrangler is 15 MB of JavaScript, loaded by each of some seventy commands.
      NODE_COMPILE_CACHE: join(folder, "compiled"),
      NODE_OPTIONS: `--import ${visit}`,
      REHEARSED_HOST: host,
      REHEARSED_EDGE: cloudflare.edge,
      CLOUDFLARE_API_BASE_URL: cloudflare.api,
      CLOUDFLARE_API_TOKEN: cloudflare.account.token,
      CLOUDFLARE_ACCOUNT_ID: cloudflare.account.id,
    });
    await workshop.git("init", "--quiet");
    await workshop.commit("The project as it is here");
    return workshop;
  }

  /** Runs one of the project's commands. `told` hears what it prints. */
  run(args: readonly string[], told: (text: string) => void = () => {}, env: NodeJS.ProcessEnv = {}): Promise<Ran> {
    return this.spawn("npm", ["run", "--silent", ...args], told, env);
  }

  /** Changes a file of the copy. */
  change(file: string, what: RegExp, to: string): void {
    const path = join(this.folder, file);
    const text = readFileSync(path, "utf8");
    if (!what.test(text)) throw new Error(`${file} has no ${what}.`);
    writeFileSync(path, text.replace(what, to));
  }

  async commit(subject: string): Promise<void> {
    await this.git("add", "--all");
    await this.git(
      "-c",
      "user.name=operator",
      "-c",
      "user.email=operator@shop.com",
      "commit",
      "--quiet",
      "-m",
      subject,
    );
  }

  close(): void {
    rmSync(join(this.folder, ".."), { recursive: true, force: true });
  }

  private async git(...args: string[]): Promise<void> {
    const { ok, output } = await this.spawn("git", args, () => {}, {});
    if (!ok) throw new Error(`git ${args.join(" ")} failed:\n${output}`);
  }

  private spawn(
    command: string,
    args: readonly string[],
    told: (text: string) => void,
    env: NodeJS.ProcessEnv,
  ): Promise<Ran> {
    const child = spawn(command, args, {
      cwd: this.folder,
      env: { ...process.env, ...this.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => {
        output += text;
        told(text);
      });
    return new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => resolve({ ok: code === 0, output }));
    });
  }
}

/** The first npm on the path. */
function npmPath(): string {
  const { PATH = "" } = process.env;
  const found = PATH.split(":").map((folder) => join(folder, "npm"));
  for (const path of found) {
    try {
      readFileSync(path);
      return path;
    } catch {
      // not in this folder
    }
  }
  throw new Error("npm is not on the path.");
}
