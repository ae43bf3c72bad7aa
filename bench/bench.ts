import { Stage } from "./stage.ts";

/** What the figures share: the Worker and its stores. Each name has a Worker of its own; one is open at a time. */
export class Bench {
  private open: { name: string; stage: Stage } | null = null;

  constructor(
    readonly quick: boolean,
    /** Sizes of the figure `fleet-day`, where they are not the usual ones. */
    readonly fleet: { stores?: number; ticks?: number } = {},
  ) {}

  /** How far a long figure is. */
  say(text: string): void {
    process.stderr.write(`  ${text}\n`);
  }

  /** The Worker of this name with what earlier figures left there. Another one is closed: two would share the machine. */
  async stage(name: string, options: Parameters<typeof Stage.open>[0] = {}): Promise<Stage> {
    if (this.open?.name === name) return this.open.stage;
    await this.close();
    const stage = await Stage.open(options);
    this.open = { name, stage };
    return stage;
  }

  async close(): Promise<void> {
    const stage = this.open?.stage;
    this.open = null;
    await stage?.close();
  }

  /** A size of a figure: the whole one, or the quick one. */
  size(whole: number, quick: number): number {
    return this.quick ? quick : whole;
  }
}
