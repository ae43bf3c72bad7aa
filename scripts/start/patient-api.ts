import { setTimeout as pause } from "node:timers/promises";
import { Api, CallError } from "../support/api.ts";

const TRIES = 30;
const WAIT_MS = 1_000;

/** Asks again while the Worker is too busy to answer (503): all the stores share one small machine. What writes is not repeated. */
export class PatientApi extends Api {
  override async get<T>(path: string): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        return await super.get<T>(path);
      } catch (error) {
        const isBusy = error instanceof CallError && error.status === 503;
        if (!isBusy || tries === TRIES) throw error;
        await pause(WAIT_MS);
      }
    }
  }
}
