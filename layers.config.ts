import type { IFlattenedRuleSet } from "dependency-cruiser";

/**
 * Which part of the code may use which. `npm run check` checks every import against it, type imports included
 * (`scripts/layers.ts`), and `docs/architecture.md` shows it.
 */
export interface Layer {
  /** A folder, or files that belong together. */
  at: readonly string[];
  does: string;
  /** Other layers, by their first path: exactly those that it uses. */
  uses: readonly string[];
  /** Packages from npm and modules of the runtime; left out: any. */
  packages?: readonly string[];
}

export const LAYERS: readonly Layer[] = [
  {
    at: ["src/index.ts"],
    does: "the Worker's entry: passes requests, messages and cron calls on to their handlers",
    uses: ["src/api", "src/pipeline", "src/location"],
    packages: [],
  },
  {
    at: ["src/api"],
    does: "the HTTP edge: authentication, validation, ReUp's error envelope, lists, webhooks into the queue",
    uses: [
      "src/pipeline",
      "src/location",
      "src/alerts",
      "src/db",
      "src/dutchie",
      "src/env.ts",
      "src/security",
      "src/platform",
      "src/contract",
      "src/domain",
    ],
    packages: ["hono", "@hono/zod-openapi", "@hono/zod-validator", "zod", "jose", "drizzle-orm", "package.json"],
  },
  {
    at: ["src/pipeline"],
    does: "queue consumers and cron: read, decode, map, pass rows to the Location",
    uses: [
      "src/location",
      "src/alerts",
      "src/db",
      "src/dutchie",
      "src/env.ts",
      "src/security",
      "src/platform",
      "src/contract",
      "src/domain",
    ],
    packages: ["drizzle-orm", "zod"],
  },
  {
    at: ["src/location"],
    does: "the Durable Object of a store: order, ledger, runs, cursors, rate budget, one timer",
    uses: ["src/alerts", "src/db", "src/dutchie", "src/env.ts", "src/platform", "src/contract", "src/domain"],
    packages: ["cloudflare:workers", "drizzle-orm"],
  },
  {
    at: ["src/alerts"],
    does: "notices of alerts: which notice goes to which channel, and delivery by webhook, Slack and e-mail",
    uses: ["src/db", "src/env.ts", "src/security", "src/platform", "src/contract", "src/domain"],
    packages: ["drizzle-orm", "zod"],
  },
  {
    at: ["src/db"],
    does: "Drizzle schema, bulk upsert, loads and lists",
    uses: ["src/platform", "src/contract", "src/domain"],
    packages: ["drizzle-orm"],
  },
  {
    at: ["src/dutchie"],
    does: "everything about Dutchie: profiles, client, row splitter, decoder, webhook signatures, error kinds",
    uses: ["src/security", "src/platform", "src/contract", "src/domain"],
    packages: [],
  },
  {
    at: ["src/env.ts", "src/deployment.ts"],
    does: "the Worker's variables, and which values only development may have",
    uses: ["src/security"],
    packages: ["zod"],
  },
  {
    at: ["src/security"],
    does: "sealing of credentials and peppers, checks of addresses and secrets",
    uses: ["src/domain"],
    packages: ["zod"],
  },
  {
    at: ["src/platform"],
    does: "everything about Cloudflare: how it fails, how a failure stays alone, the log, figures",
    uses: ["src/domain"],
    packages: ["drizzle-orm"],
  },
  {
    at: ["src/contract"],
    does: "the shapes at every border, each once: HTTP (`http/`) and queue messages as zod, whose types are inferred, and the calls to a Location",
    uses: ["src/domain"],
    packages: ["@hono/zod-openapi", "zod"],
  },
  {
    at: ["src/domain"],
    does: "every decision, pure: no I/O, no clock, no randomness",
    uses: [],
    packages: ["@noble/hashes"],
  },
  {
    at: ["src/client"],
    does: "the typed client of the API and its React hooks, for ReUp and for the dashboard",
    uses: ["src/domain"],
    packages: ["react", "swr"],
  },
  { at: ["dashboard/src"], does: "the pages a store manager sees", uses: ["src/client"] },
  { at: ["simulator"], does: "a simulated Dutchie for development and tests, without our code", uses: [] },
  {
    at: ["scripts"],
    does: "`npm start` and the other commands; they talk to the Worker over HTTP",
    uses: ["simulator", "src/env.ts"],
  },
  {
    at: ["bench"],
    does: "`npm run bench`: measures the Worker beside its limits, with a Worker of its own around the product's; makes `docs/data-model.md` from the schema",
    uses: ["src/index.ts", "src/pipeline", "src/dutchie", "src/domain", "src/db", "simulator", "scripts"],
  },
];

/** Inside `src/domain`: a group may use the groups in earlier lines, and no other group in its own line. */
export const DOMAIN_ORDER: readonly (readonly string[])[] = [
  ["bounds.ts", "retention.ts", "rights.ts"],
  ["clock.ts", "move.ts", "shards.ts", "values"],
  ["insights", "vocabulary"],
  ["records"],
  ["limits"],
  ["feed"],
  ["identity", "snapshots", "runs", "events", "settings.ts"],
  ["pushes"],
  ["resolve", "reviews"],
  ["alerts"],
];

const OURS = "^(src|simulator|scripts|bench|dashboard|test)/";

/** Rules that the lists cannot express. */
const EXCEPTIONS: NonNullable<IFlattenedRuleSet["forbidden"]> = [
  {
    name: "no-circles",
    comment: "Files that import each other are one file in pieces. Move the common part to a third file.",
    from: {},
    to: { circular: true },
  },
  {
    name: "cloudflare-in-one-place",
    comment:
      "Only the Location's class extends a class of Cloudflare's. Everything else of the Location also runs in node.",
    from: { pathNot: ["^src/location/location\\.ts$", "^test/"] },
    to: { path: "^cloudflare:" },
  },
  {
    name: "client-needs-nothing-of-ours",
    comment: "ReUp installs the client alone. Rules of the domain are for our own pages: src/client/rules.ts.",
    from: { path: "^src/client/", pathNot: "^src/client/rules\\.ts$" },
    to: { path: OURS, pathNot: "^src/client/" },
  },
];

const escaped = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
const inside = (layer: Layer) => layer.at.map((path) => `^${escaped(path)}(/|$)`);
const find = (path: string) => {
  const layer = LAYERS.find(({ at }) => at[0] === path);
  if (layer === undefined) throw new Error(`layers.config.ts: there is no layer ${path}`);
  return layer;
};
/** The lists as rules of dependency-cruiser. */
export const FORBIDDEN: NonNullable<IFlattenedRuleSet["forbidden"]> = [
  ...EXCEPTIONS,
  {
    name: "no-layer",
    comment: "Each file belongs to a layer: put it into one, or add its folder to layers.config.ts.",
    from: { path: OURS, pathNot: ["^test/", "^dashboard/vite", ...LAYERS.flatMap(inside)] },
    to: {},
  },
  ...LAYERS.map((layer) => {
    const allowed = [...inside(layer), ...layer.uses.flatMap((path) => inside(find(path)))];
    const packages = layer.packages?.map((name) => `^(node_modules/)?${escaped(name)}(/|$)`);
    return {
      name: `${layer.at[0]}-uses-what-it-may`,
      comment: `${layer.at[0]} may use ${[...layer.uses, ...(layer.packages ?? ["any package"])].join(", ") || "nothing"}.`,
      from: { path: inside(layer) },
      to: packages ? { pathNot: [...allowed, ...packages] } : { path: OURS, pathNot: allowed },
    };
  }),
  ...DOMAIN_ORDER.map((groups, i) => {
    const earlier = DOMAIN_ORDER.slice(0, i).flat();
    return {
      name: `domain-${groups[0]}-keeps-the-order`,
      comment: `In src/domain, ${groups.join(", ")} may use ${earlier.join(", ") || "nothing"}.`,
      from: { path: `^src/domain/(${groups.map(escaped).join("|")})(/|$)` },
      to: {
        path: "^src/domain/",
        pathNot: [`^src/domain/$1(/|$)`, ...earlier.map((at) => `^src/domain/${escaped(at)}(/|$)`)],
      },
    };
  }),
  {
    name: "domain-has-an-order",
    comment: "Each group of src/domain has a line in DOMAIN_ORDER (layers.config.ts).",
    from: { path: "^src/domain/", pathNot: DOMAIN_ORDER.flat().map((at) => `^src/domain/${escaped(at)}(/|$)`) },
    to: {},
  },
];
