import { CallError } from "./api.ts";

/** An operator's command that the service refuses ends with the service's words, without a stack. */
export function tellRefusals(): void {
  process.on("uncaughtException", (error) => {
    console.error(error instanceof CallError ? error.message : error);
    process.exit(1);
  });
}
