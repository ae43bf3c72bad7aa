import { CallError } from "./api.ts";
import { StepFailed } from "./shipping/run.ts";

/** An operator's command that is refused ends with the reason, without a stack. */
export function tellRefusals(): void {
  process.on("uncaughtException", (error) => {
    console.error(error instanceof CallError || error instanceof StepFailed ? error.message : error);
    process.exit(1);
  });
}
