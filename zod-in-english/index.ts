/**
 * What a bundle gets for "zod" (`alias` in wrangler.toml): everything but its 50 languages, which are a fifth of the whole
 * Worker and which no bundler can leave out, because `@hono/zod-openapi` hands on zod's namespace as a value.
 */
export * from "./members.ts";
export * as z from "./members.ts";
