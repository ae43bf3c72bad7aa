import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

interface Process {
  pid: number;
  parent: number;
  rss_mb: number;
  command: string;
}

/** Memory of the runtime that a process of wrangler started, MB. */
export const runtimeMemoryMb = (pid: number): number => runtimesOf(pid).reduce((sum, { rss_mb }) => sum + rss_mb, 0);

/** /proc counts in hundredths of a second on every Linux that one meets. */
const MS_A_TICK = 10;

/** What the runtime has computed so far, ms. Linux only. */
export function runtimeCpuMs(pid: number): number {
  const ticks = runtimesOf(pid).map((runtime) => {
    // The command stands in parentheses and may contain blanks: after it, user and system time are the 12th and 13th fields.
    const fields = readFileSync(`/proc/${runtime.pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
    return Number(fields[11]) + Number(fields[12]);
  });
  return ticks.reduce((sum, each) => sum + each, 0) * MS_A_TICK;
}

function runtimesOf(pid: number): Process[] {
  const all = processes();
  const descends = (process: Process): boolean => {
    if (process.parent === pid) return true;
    const parent = all.find((other) => other.pid === process.parent);
    return parent !== undefined && descends(parent);
  };
  const runtimes = all.filter((process) => process.command.includes("workerd") && descends(process));
  if (runtimes.length === 0) throw new Error("The runtime's process was not found");
  return runtimes;
}

function processes(): Process[] {
  const text = execFileSync("ps", ["-axo", "pid=,ppid=,rss=,comm="], { encoding: "utf8" });
  return text
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .map(([pid, parent, rss, ...command]) => ({
      pid: Number(pid),
      parent: Number(parent),
      rss_mb: Number(rss) / 1_024,
      command: command.join(" "),
    }));
}
