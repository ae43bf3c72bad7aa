export type { Answer } from "./answer.ts";
export type * from "./api.ts";
export { ok } from "./call.ts";
export { type Client, type ClientOptions, createClient } from "./client.ts";
export { ReupError } from "./errors.ts";
export type { Changed, SubscribeOptions } from "./follow-status.ts";
