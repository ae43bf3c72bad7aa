import { createClient } from "../../src/client/index.ts";
import { currentToken } from "./session.ts";

/** All calls of the dashboard to the Worker go through this client. */
export const client = createClient({ url: location.origin, token: currentToken });
