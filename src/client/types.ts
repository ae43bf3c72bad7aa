import type { z } from "@hono/zod-openapi";
import type { alertChannel, channelTest, savedChannel } from "../contract/http/alert-channels.ts";
import type { deadLetter, wholeDeadLetter } from "../contract/http/dead-letters.ts";
import type { customerInsights, salesInsights } from "../contract/http/insights.ts";
import type { connectionTest, location, locationSummary } from "../contract/http/locations.ts";
import type { push } from "../contract/http/pushes.ts";
import type {
  change,
  inventoryRow,
  newProduct,
  product,
  productDetail,
  productPatch,
  sale,
  webhookEvent,
} from "../contract/http/records.ts";
import type { review } from "../contract/http/reviews.ts";
import type { run } from "../contract/http/runs.ts";
import type { settings, settingsPatch } from "../contract/http/settings.ts";
import type { alert, status } from "../contract/http/status.ts";

/** What the API tells, by the schemas that the API itself is checked with. */
export type Location = z.infer<typeof location>;
export type LocationSummary = z.infer<typeof locationSummary>;
export type ConnectionTest = z.infer<typeof connectionTest>;
export type Settings = z.infer<typeof settings>;
export type SettingsPatch = z.infer<typeof settingsPatch>;
export type Run = z.infer<typeof run>;
export type Status = z.infer<typeof status>;
export type Alert = z.infer<typeof alert>;
export type AlertChannel = z.infer<typeof alertChannel>;
export type SavedAlertChannel = z.infer<typeof savedChannel>;
export type AlertChannelTest = z.infer<typeof channelTest>;
export type Product = z.infer<typeof product>;
export type ProductDetail = z.infer<typeof productDetail>;
export type NewProduct = z.infer<typeof newProduct>;
export type ProductPatch = z.infer<typeof productPatch>;
export type InventoryRow = z.infer<typeof inventoryRow>;
export type Sale = z.infer<typeof sale>;
export type Change = z.infer<typeof change>;
export type WebhookEvent = z.infer<typeof webhookEvent>;
export type Push = z.infer<typeof push>;
export type Review = z.infer<typeof review>;
export type SalesInsights = z.infer<typeof salesInsights>;
export type CustomerInsights = z.infer<typeof customerInsights>;
export type DeadLetter = z.infer<typeof deadLetter>;
export type WholeDeadLetter = z.infer<typeof wholeDeadLetter>;
