import type { LieInput } from "../../../simulator/lies/lies.ts";
import { playSeed } from "../seed.ts";
import { nodePlatform } from "./platform.ts";

/** A process of `npm run test:chaos`: plays each seed that it receives, and reports the outcome. */
const platform = nodePlatform();
const print = console.error.bind(console);
if (process.env.CHAOS_LOG !== "1") {
  for (const level of ["log", "info", "warn", "error", "debug"] as const) console[level] = () => undefined;
}
const lies = JSON.parse(process.env.CHAOS_LIES || "null") as readonly LieInput[] | null;

process.on("message", async (given: { seed: number; shrinks: boolean } | "end") => {
  if (given === "end") return process.disconnect();
  const { wrong, again, log } = await playSeed(platform, given.seed, { lies, shrinks: given.shrinks });
  if (wrong.length > 0) print(`\n${again}\n${wrong.join("\n")}`);
  if (process.env.CHAOS_LOG === "1") print(log.join("\n"));
  process.send?.({ failed: wrong.length > 0 });
});
