import { CallError } from "./api.ts";
import { StepFailed } from "./shipping/run.ts";

/** An operator's command that is refused ends with the reason, without a stack. */
export function tellRefusals(): void {
  process.on("uncaughtException", (error) => {
    console.error(reasonOf(error));
    process.exit(1);
  });
}

/** Of our own fault, the stack. */
function reasonOf(error: Error): unknown {
  if (error instanceof CallError || error instanceof StepFailed) return error.message;
  const { cause } = error;
  return cause instanceof Error && error.message === "fetch failed"
    ? `The Worker cannot be reached: ${cause.message}`
    : error;
}
