import type { Context } from "hono";
import type { Config } from "../../env.ts";
import type { Caller } from "./caller.ts";
import type { Dependencies } from "./dependencies.ts";

/** What the middleware gives to the handlers. */
export interface AppEnv {
  Bindings: Env;
  Variables: {
    requestId: string;
    config: Config;
    deps: Dependencies;
    /** Set for every route under /v1. */
    caller: Caller;
  };
}

export type AppContext = Context<AppEnv>;
