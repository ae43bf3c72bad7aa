/** Types of requests and answers, from the schemas of the API itself. */

export type {
  AlertChannelJson as AlertChannel,
  ChannelTestJson as AlertChannelTest,
  SavedChannelJson as SavedAlertChannel,
} from "../contract/http/alert-channels.ts";
export type {
  DeadLetterJson as DeadLetter,
  WholeDeadLetterJson as WholeDeadLetter,
} from "../contract/http/dead-letters.ts";
export type {
  CustomerInsightsJson as CustomerInsights,
  SalesInsightsJson as SalesInsights,
} from "../contract/http/insights.ts";
export type {
  ConnectionTestJson as ConnectionTest,
  LocationJson as Location,
} from "../contract/http/locations.ts";
export type { PushJson as Push } from "../contract/http/pushes.ts";
export type {
  ChangeJson as Change,
  EventJson as WebhookEvent,
  InventoryJson as InventoryRow,
  MappedWordJson as MappedWord,
  NewProductJson as NewProduct,
  ProductDetailJson as ProductDetail,
  ProductJson as Product,
  ProductPatchJson as ProductPatch,
  SaleJson as Sale,
} from "../contract/http/records.ts";
export type { ReviewJson as Review } from "../contract/http/reviews.ts";
export type { RunJson as Run } from "../contract/http/runs.ts";
export type { SettingsJson as Settings, SettingsPatchJson as SettingsPatch } from "../contract/http/settings.ts";
export type {
  AlertJson as Alert,
  FleetSummaryJson as FleetSummary,
  LocationSummaryJson as LocationSummary,
  StatusJson as Status,
} from "../contract/http/status.ts";
