/** What our code uses of zod, and `ZodType` for `@hono/zod-openapi`. A test compares it with the code. */

export * as coerce from "../node_modules/zod/v4/classic/coerce.js";
export { ZodError } from "../node_modules/zod/v4/classic/errors.js";
export * as iso from "../node_modules/zod/v4/classic/iso.js";
export {
  array,
  boolean,
  discriminatedUnion,
  email,
  enum,
  int,
  literal,
  null,
  number,
  object,
  partialRecord,
  record,
  strictObject,
  string,
  tuple,
  union,
  unknown,
  url,
  ZodType,
} from "../node_modules/zod/v4/classic/schemas.js";
export { NEVER } from "../node_modules/zod/v4/core/index.js";
