import { existsSync } from "node:fs";
import { developmentToken } from "./support/development-token.ts";
import { misused, readOptions } from "./support/read-options.ts";

// npm run token -- --retailer R --role admin [--locations a,b]: prints a token for the local Worker.
const USAGE = "npm run token -- [--retailer R] [--role viewer|manager|admin] [--locations a,b]";
const values = readOptions(
  {
    retailer: { type: "string", default: "demo" },
    role: { type: "string", default: "admin" },
    locations: { type: "string" },
  },
  USAGE,
);
const { role } = values;
if (role !== "viewer" && role !== "manager" && role !== "admin")
  misused("--role is one of viewer, manager, admin.", USAGE);
if (values.retailer === "" || values.locations?.split(",").includes("")) misused("An id is empty.", USAGE);
const location_ids = values.locations?.split(",");
const file = existsSync(".dev.vars") ? ".dev.vars" : ".dev.vars.example";
console.log(
  await developmentToken({ retailer_id: values.retailer, role, ...(location_ids ? { location_ids } : {}) }, file),
);
