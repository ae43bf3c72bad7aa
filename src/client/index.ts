export type * from "./api.ts";
export { type Answer, ok } from "./call.ts";
export { type Client, type ClientOptions, createClient } from "./client.ts";
export { ReupError } from "./errors.ts";
export type { Changed, SubscribeOptions } from "./follow-status.ts";
