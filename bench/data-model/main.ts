import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { dataModel, MEASURED } from "./document.ts";
import { type Measured, measure } from "./measure.ts";

/**
 * npm run docs:data [-- --measure]: writes docs/data-model.md from the schema, the retentions and the measured bytes. `--measure`
 * measures these anew, in a local store of the simulator.
 */
const { values } = parseArgs({ options: { measure: { type: "boolean", default: false } } });
if (values.measure) writeFileSync(MEASURED, `${JSON.stringify(await measure(), null, 2)}\n`);
writeFileSync("docs/data-model.md", dataModel(JSON.parse(readFileSync(MEASURED, "utf8")) as Measured));
