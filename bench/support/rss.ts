import { execFileSync } from "node:child_process";

interface Process {
  pid: number;
  parent: number;
  rss_mb: number;
  command: string;
}

/** Memory of the runtime that a process of wrangler started, MB. */
export function runtimeMemoryMb(pid: number): number {
  const all = processes();
  const descends = (process: Process): boolean => {
    if (process.parent === pid) return true;
    const parent = all.find((other) => other.pid === process.parent);
    return parent !== undefined && descends(parent);
  };
  const runtimes = all.filter((process) => process.command.includes("workerd") && descends(process));
  if (runtimes.length === 0) throw new Error("The runtime's process was not found");
  return runtimes.reduce((sum, { rss_mb }) => sum + rss_mb, 0);
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
