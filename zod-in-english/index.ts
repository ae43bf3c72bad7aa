/**
 * What a bundle gets for "zod" (`alias` in wrangler.toml): what is used of it, without its 50 languages. These are a fifth of
 * the whole Worker, and no bundler can leave out anything, because `@hono/zod-openapi` hands on zod's namespace as a value.
 */
export * from "./members.ts";
export * as z from "./members.ts";
