import type { LocationJson } from "../../contract/http/locations.ts";
import type { LocationRow } from "../../db/locations.ts";
import { errorRateUntil } from "../../domain/runs/hour-cells.ts";
import { iso, isoOrNull } from "../../domain/values/iso.ts";

export const webhookUrl = (public_url: string, location_id: string) => `${public_url}/webhooks/dutchie/${location_id}`;

interface Given {
  config: { public_url: string };
  deps: { now: () => number };
}

export function locationJson(row: LocationRow, { config, deps }: Given): LocationJson {
  return {
    location_id: row.location_id,
    name: row.name,
    time_zone: row.time_zone,
    dutchie: {
      endpoint: row.endpoint,
      location_id: row.dutchie_location_id,
      profile: row.profile,
      auth: row.auth,
      api_key_hint: row.api_key_hint,
    },
    settings: row.settings,
    webhook: {
      url: webhookUrl(config.public_url, row.location_id),
      scheme: row.webhook_scheme,
      secret_hint: row.webhook_secret_hint,
    },
    status_summary: {
      state: row.state,
      last_sync_at: isoOrNull(row.last_sync_at),
      last_success_at: isoOrNull(row.last_success_at),
      next_sync_at: isoOrNull(row.next_sync_at),
      error_rate_24h: errorRateUntil(row.error_rate_24h, row.standing?.hours ?? [], deps.now()),
    },
    created_at: iso(row.created_at),
  };
}
