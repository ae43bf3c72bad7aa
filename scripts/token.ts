import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { developmentToken } from "./support/development-token.ts";

// npm run token -- --retailer R --role admin [--locations a,b]: prints a token for the local Worker.
const { values } = parseArgs({
  options: {
    retailer: { type: "string", default: "demo" },
    role: { type: "string", default: "admin" },
    locations: { type: "string" },
  },
});
const { role } = values;
if (role !== "viewer" && role !== "manager" && role !== "admin") {
  console.error("--role is one of viewer, manager, admin.");
  process.exit(2);
}
const location_ids = values.locations?.split(",");
const file = existsSync(".dev.vars") ? ".dev.vars" : ".dev.vars.example";
console.log(
  await developmentToken({ retailer_id: values.retailer, role, ...(location_ids ? { location_ids } : {}) }, file),
);
