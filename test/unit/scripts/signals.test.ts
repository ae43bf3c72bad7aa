import { globSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

/** Commands that run a Worker in a process group of its own: no signal of a terminal reaches it. */
const commands = globSync("{scripts,bench}/*.ts").filter((file) =>
  /new (Machine|Bench)\(/.test(readFileSync(file, "utf8")),
);

it.each(commands)("%s ends its Worker, however it is ended", (file) => {
  expect(readFileSync(file, "utf8")).toContain('["SIGINT", "SIGTERM", "SIGHUP"]');
});

it("no browser of a command ends the command before its Worker has ended", () => {
  expect(commands.length).toBeGreaterThan(1);
  for (const file of commands.filter((each) => /chromium\.launch/.test(readFileSync(each, "utf8"))))
    for (const name of ["INT", "TERM", "HUP"]) expect(readFileSync(file, "utf8")).toContain(`handleSIG${name}: false`);
});
