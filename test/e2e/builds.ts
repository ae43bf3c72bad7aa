import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** What a build is made of. */
const PARTS = ["src", "zod-in-english", "package.json", "wrangler.toml"];
const MESSAGES = "src/contract/messages.ts";

/** A build of the Worker in a folder of its own. */
export class Build {
  private constructor(private readonly folder: string) {}

  /** The build that is in the repository, under another version. */
  static now(version: string): Build {
    const folder = mkdtempSync(join(tmpdir(), "reup-dutchie-build-"));
    for (const part of PARTS) cpSync(part, join(folder, part), { recursive: true });
    symlinkSync(resolve("node_modules"), join(folder, "node_modules"));
    mkdirSync(join(folder, "dashboard/dist"), { recursive: true });
    const build = new Build(folder);
    build.change("package.json", /"version": "[^"]+"/, `"version": "${version}"`);
    return build;
  }

  /** The build before it: its queue messages are those of the version before. */
  static before(version: string): Build {
    const build = Build.now(version);
    build.change(
      MESSAGES,
      /MESSAGE_VERSION = \d+;/,
      (found) => `MESSAGE_VERSION = ${Number(found.match(/\d+/)?.[0]) - 1};`,
    );
    return build;
  }

  get config(): string {
    return join(this.folder, "wrangler.toml");
  }

  /** From here on this folder has another build: a runtime that runs it takes it up by itself. */
  become(other: Build): void {
    for (const file of ["package.json", MESSAGES]) {
      writeFileSync(join(this.folder, file), readFileSync(join(other.folder, file)));
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private change(file: string, what: RegExp, to: string | ((found: string) => string)): void {
    const path = join(this.folder, file);
    const text = readFileSync(path, "utf8");
    const found = what.exec(text)?.[0];
    if (found === undefined) throw new Error(`${file} has no ${what}.`);
    writeFileSync(path, text.replace(found, typeof to === "string" ? to : to(found)));
  }
}
