import { createClient } from "../../src/client/index.ts";
import { currentToken } from "./session.ts";

/** The dashboard talks to the Worker through this and nothing else. */
export const client = createClient({ url: location.origin, token: currentToken });
