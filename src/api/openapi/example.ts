/** Examples for the OpenAPI document. They are made from its schemas, so they always fit them. */

import type { Json, JsonSchema } from "./types.ts";

/** Example values by field name, or by object and field name, where the schema alone would give a poor example. */
const BY_NAME: Readonly<Record<string, Json>> = {
  location_id: "loc_5f0c2a9d1b3e4f60",
  "dutchie.location_id": "1001",
  "data_types.customers": false,
  dutchie_location_id: "1001",
  product_id: "prd_48213",
  dutchie_product_id: "48213",
  inventory_id: "inv_90127_vault",
  dutchie_inventory_id: "90127",
  package_id: "1A4060300002EE1000000127",
  sale_id: "sal_700311",
  dutchie_transaction_id: "700311",
  dutchie_id: "48213",
  run_id: "run_01JB6Z3Q8K4T",
  event_id: "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W",
  review_id: "rev_7f3a",
  alert_id: "alt_91c2",
  dead_letter_id: "b1a6f0e2c9d84d0c",
  change_id: "chg_01JB6Z3Q8K4T",
  record_id: "prd_48213",
  name: "Main St",
  endpoint: "https://api.pos.dutchie.com",
  api_key: "your-dutchie-api-key",
  integrator_key: "your-integrator-key",
  api_key_hint: "…3f9a",
  secret_hint: "…Qk0=",
  secret: "whsec_shown-this-once",
  url: "https://dutchie.reup.example/webhooks/dutchie/loc_5f0c2a9d1b3e4f60",
  header: "X-Signature",
  prefix: "sha256=",
  time_zone: "America/Los_Angeles",
  frequency: "realtime",
  room_types: { "Back Bar": "secret_menu", Cage: "vault" },
  overnight_hour: 3,
  sales_history_days: 60,
  sales_detail_days: 400,
  max_duration_seconds: 1800,
  max_error_rate: 0.05,
  max_staleness_minutes: 60,
  sku: "BD-35",
  upc: "850012345670",
  product_name: "Blue Dream 3.5 g",
  brand: "Northern Fields",
  category: "flower",
  subcategory: "hybrid",
  dutchie_category: "Flowers",
  strain_type: "Indica-Hybrid",
  thc_percentage: 22.4,
  cbd_percentage: 0.1,
  unit_price: 35,
  unit_cost: 14.5,
  quantity: 12,
  room_name: "Vault",
  room_type: "vault",
  subtotal: 70,
  discount: 5,
  tax: 9.75,
  total: 74.75,
  item_count: 2,
  completed_at: "2026-11-01T18:04:11.000Z",
  type: "inventory.updated",
  data: { inventoryId: 90127, productId: 48213, quantityAvailable: 12 },
  cause: "webhook",
  resource: "products",
  reason: "Two products have the SKU BD-35.",
  subject: "BD-35",
  message: "The last sync failed.",
  detail: "The endpoint answers.",
  hint: "Nothing to do.",
  code: "RATE_LIMITED",
  rule: "sync_failed",
  queue: "webhooks",
  field: "quantity",
  likely_cause: "A webhook was lost.",
  version: "0.1.0",
  latency_ms: 120,
  percent: 100,
  accuracy: 1,
  resolved_by: "user_7",
  next_cursor: null,
};

const MAX_DEPTH = 12;

/** A realistic value that fits the schema. */
export function exampleOf(schema: JsonSchema, schemas: Record<string, JsonSchema>, name = "", depth = 0): Json {
  if (schema.example !== undefined) return schema.example;
  const [given] = schema.examples ?? [];
  if (given !== undefined) return given;
  if (schema.const !== undefined) return schema.const;
  const known = BY_NAME[name] ?? BY_NAME[name.slice(name.indexOf(".") + 1)];
  if (schema.enum !== undefined) return schema.enum.find((value) => value === known) ?? schema.enum[0] ?? null;
  if (schema.$ref !== undefined) {
    const target = schemas[schema.$ref.slice("#/components/schemas/".length)];
    // A component that contains itself would never end.
    return target === undefined || depth > MAX_DEPTH ? null : exampleOf(target, schemas, name, depth + 1);
  }
  const parts = schema.allOf?.map((part) => exampleOf(part, schemas, name, depth + 1));
  if (parts !== undefined) return Object.assign({}, ...parts.filter((part) => typeof part === "object"));
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) {
    const wanted = choices.find((choice) => known !== undefined && isOfType(known, typesOf(choice)));
    return exampleOf(wanted ?? choices.find((choice) => choice.type !== "null") ?? {}, schemas, name, depth + 1);
  }
  const types = typesOf(schema);
  if (known !== undefined && (types.length === 0 || isOfType(known, types))) return known;
  return byType(schema, types, { schemas, name, depth });
}

function byType(
  schema: JsonSchema,
  types: string[],
  { schemas, name, depth }: { schemas: Record<string, JsonSchema>; name: string; depth: number },
): Json {
  const own = name.slice(name.indexOf(".") + 1);
  if (types.includes("object")) {
    const entries = Object.entries(schema.properties ?? {});
    return Object.fromEntries(
      entries.map(([key, inner]) => [key, exampleOf(inner, schemas, `${own}.${key}`, depth + 1)]),
    );
  }
  if (types.includes("array")) {
    return schema.items === undefined ? [] : [exampleOf(schema.items, schemas, "", depth + 1)];
  }
  if (types.includes("null")) return null;
  if (types.includes("boolean")) return true;
  if (types.includes("number") || types.includes("integer")) return Math.max(schema.minimum ?? 0, 0);
  if (types.includes("string")) return schema.format === "date-time" ? "2026-11-01T09:30:00.000Z" : "text";
  return {};
}

const typesOf = ({ type }: JsonSchema): string[] => (type === undefined ? [] : [type].flat());

function isOfType(value: Json, types: string[]): boolean {
  if (value === null) return types.includes("null");
  if (Array.isArray(value)) return types.includes("array");
  if (typeof value === "number")
    return types.includes("number") || (types.includes("integer") && Number.isInteger(value));
  return types.includes(typeof value);
}
