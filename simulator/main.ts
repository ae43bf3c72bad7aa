import { parseArgs } from "node:util";
import { serveSimulator } from "./http/serve.ts";
import { grammar } from "./lies/lies.ts";
import type { AuthScheme, Limits, Profile, SimulatorOptions } from "./options.ts";

const USAGE = `tsx simulator/main.ts [options]
  --port 8788          --hostname 127.0.0.1
  --size 3000          products, 2 to 50,000
  --seed 1
  --profile both       pos | guide | both
  --sales-days 60      --sales-per-day <n>
  --api-key sim-key    --integrator-key ""       --auth basic,bearer,header
  --location-id 4711   --time-zone America/Denver
  --limits real        real | off | <scale>
  --paging none        guide profile: none | cursor | url
  --every <ms>         something happens so often
  --lies <seed>        answers mislead, drawn from this seed; --lie-rate 0.1: how many begin a lie
  --grammar            prints what lies there are and how they are drawn
  --webhook-url <url>  --webhook-secret whsec_…  --webhook-profile pos`;

const { values } = parseArgs({
  options: {
    help: { type: "boolean" },
    port: { type: "string", default: "8788" },
    hostname: { type: "string", default: "127.0.0.1" },
    size: { type: "string", default: "3000" },
    seed: { type: "string", default: "1" },
    profile: { type: "string", default: "both" },
    "sales-days": { type: "string", default: "60" },
    "sales-per-day": { type: "string" },
    "api-key": { type: "string", default: "sim-key" },
    "integrator-key": { type: "string", default: "" },
    auth: { type: "string", default: "basic" },
    "location-id": { type: "string", default: "4711" },
    "time-zone": { type: "string", default: "America/Denver" },
    limits: { type: "string", default: "real" },
    paging: { type: "string", default: "none" },
    every: { type: "string" },
    lies: { type: "string" },
    "lie-rate": { type: "string", default: "0.1" },
    grammar: { type: "boolean" },
    "webhook-url": { type: "string" },
    "webhook-secret": { type: "string" },
    "webhook-profile": { type: "string" },
  },
});

if (values.help) {
  console.log(USAGE);
  process.exit(0);
}

if (values.grammar) {
  console.log(JSON.stringify(grammar(), null, 2));
  process.exit(0);
}

const profiles: Profile[] = values.profile === "both" ? ["pos", "guide"] : [oneOf(values.profile, ["pos", "guide"])];
const options: SimulatorOptions = {
  size: Number(values.size),
  seed: Number(values.seed),
  profiles,
  salesDays: Number(values["sales-days"]),
  apiKey: values["api-key"],
  integratorKey: values["integrator-key"],
  auth: values.auth.split(",").map((each) => oneOf<AuthScheme>(each, ["basic", "bearer", "header"])),
  locationId: Number(values["location-id"]),
  timeZone: values["time-zone"],
  limits: limitsOf(values.limits),
  guidePaging: oneOf<"none" | "cursor" | "url">(values.paging, ["none", "cursor", "url"]),
  ...(values.lies === undefined ? {} : { lies: { seed: Number(values.lies), rate: Number(values["lie-rate"]) } }),
  ...(values["sales-per-day"] === undefined ? {} : { salesPerDay: Number(values["sales-per-day"]) }),
};
if (values["webhook-url"] !== undefined && values["webhook-secret"] !== undefined) {
  const profile = oneOf<Profile>(values["webhook-profile"] ?? profiles[0] ?? "pos", ["pos", "guide"]);
  options.webhook = { url: values["webhook-url"], secret: values["webhook-secret"], profile };
}

const running = await serveSimulator({ ...options, port: Number(values.port), hostname: values.hostname });
if (values.every !== undefined) running.simulator.start({ everyMs: Number(values.every) });
const { products, packages_in_stock, sales } = running.simulator.state().counts;
console.log(`Dutchie simulator on ${running.url}: ${products} products, ${packages_in_stock} packages, ${sales} sales`);

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => void running.close().then(() => process.exit(0)));
}

function oneOf<T extends string>(value: string, allowed: readonly T[]): T {
  const found = allowed.find((each) => each === value);
  if (found === undefined) throw new Error(`"${value}" is none of ${allowed.join(", ")}\n${USAGE}`);
  return found;
}

function limitsOf(value: string): Limits {
  return value === "real" || value === "off" ? value : { scale: Number(value) };
}
