import { toast } from "sonner";
import type { Started } from "../../data/fleet.ts";
import { texts } from "../../texts.ts";

/** Says what became of the syncs that were asked for. */
export function tellStarted({ started, running, failed }: Started): void {
  const t = texts.fleet;
  const said = [started > 0 ? t.started(started) : "", running > 0 ? t.running(running) : ""].filter(Boolean).join(" ");
  if (said !== "") toast.success(said);
  const [first] = failed;
  if (first !== undefined) toast.error(t.notStarted(failed.length, first.name), { description: first.message });
}
