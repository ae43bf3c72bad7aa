/** Whether a subscription is about a store of its retailer. `location_ids`: null: about all. */
export const isSubscribed = (
  { enabled, location_ids }: { enabled: boolean; location_ids: readonly string[] | null },
  location_id: string,
): boolean => enabled && (location_ids === null || location_ids.includes(location_id));
