import { globSync, readFileSync } from "node:fs";

/**
 * The packages (with their paths: `hono/cors`) that the Worker imports. Vitest makes a file of each: workerd loads one module
 * after the other, and each file of tests would wait for hundreds. It must be all: two copies of a class are two classes.
 */
export function workerPackages(): string[] {
  const paths = globSync("src/**/*.ts").filter((path) => !path.startsWith("src/client/"));
  const texts = paths.map((path) => readFileSync(path, "utf8"));
  const named = texts.flatMap((text) => [
    ...text.matchAll(/^(?:import|export) (?!type )[^;]*? from "([^."][^"]*)";/gm),
  ]);
  return [...new Set(named.map(([, name = ""]) => name))].filter((name) => !name.startsWith("cloudflare:")).sort();
}
