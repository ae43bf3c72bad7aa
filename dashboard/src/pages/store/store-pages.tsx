import { Group, Stack, Tabs, Text } from "@mantine/core";
import { lazy, Suspense } from "react";
import { Loading } from "../../components/loading.tsx";
import { Notice } from "../../components/notice.tsx";
import { Problem } from "../../components/problem.tsx";
import { useLocation } from "../../data/locations.ts";
import { useLiveStatus } from "../../data/status.ts";
import { navigate, storePath } from "../../navigation.ts";
import { TimeZone } from "../../time-zone.ts";
import { NotFound } from "../not-found.tsx";
import { DashboardPage } from "./overview/dashboard-page.tsx";
import { StoreContext } from "./store-context.ts";
import { SyncPage } from "./syncs/sync-page.tsx";

const SettingsPage = lazy(() => import("../settings/settings-page.tsx"));
const RecordsPage = lazy(() => import("./records/records-page.tsx"));
const InsightsPage = lazy(() => import("./insights/insights-page.tsx"));
const ReviewsPage = lazy(() => import("./reviews/reviews-page.tsx"));
const PushesPage = lazy(() => import("./pushes/pushes-page.tsx"));
const EventsPage = lazy(() => import("./syncs/events-page.tsx"));

const PAGES = {
  dashboard: { label: "Dashboard", Page: DashboardPage },
  sync: { label: "Sync Status", Page: SyncPage },
  records: { label: "Records", Page: RecordsPage },
  insights: { label: "Insights", Page: InsightsPage },
  reviews: { label: "Reviews", Page: ReviewsPage },
  pushes: { label: "Pushes", Page: PushesPage },
  events: { label: "Events", Page: EventsPage },
  settings: { label: "Settings", Page: SettingsPage },
};
const isPage = (page: string): page is keyof typeof PAGES => page in PAGES;

/** All pages of one store. They share the store's row, live status and time zone. */
export function StorePages({ location_id, page }: { location_id: string; page: string }) {
  const location = useLocation(location_id);
  const live = useLiveStatus(location_id);
  if (!isPage(page)) return <NotFound />;
  if (location.isError)
    return <Problem what="The store could not be loaded" error={location.error} retry={location.refetch} />;
  if (live.error !== null && live.status === undefined)
    return <Problem what="The store's status could not be loaded" error={live.error} />;
  if (location.data === undefined || live.status === undefined) return <Loading what="the store" />;
  const { Page } = PAGES[page];
  const { open_reviews, queue } = live.status;
  const waiting: Record<string, number> = { reviews: open_reviews, pushes: queue.pending_pushes };
  return (
    <StoreContext value={{ location: location.data, status: live.status }}>
      <TimeZone value={location.data.time_zone}>
        <Group justify="space-between" mb="xs" gap="xs">
          <Text fw={600}>{location.data.name}</Text>
          <Text size="sm" c="dimmed" role="status">
            {live.connection === "live"
              ? "Live"
              : live.connection === "connecting"
                ? "Connecting …"
                : "Not live; updated every 5 seconds"}
          </Text>
        </Group>
        <Tabs value={page} onChange={(to) => to !== null && navigate(storePath(location_id, to))} keepMounted={false}>
          <Tabs.List
            mb="md"
            aria-label={`Pages of ${location.data.name}`}
            className="scroll"
            style={{ flexWrap: "nowrap" }}
          >
            {Object.entries(PAGES).map(([name, { label }]) => (
              <Tabs.Tab key={name} value={name}>
                {label}
                {waiting[name] !== undefined && waiting[name] > 0 && ` (${waiting[name]})`}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          {Object.keys(PAGES).map((name) => (
            <Tabs.Panel key={name} value={name}>
              {name === page && (
                <Stack gap="md">
                  {live.status?.state === "disconnected" && (
                    <Notice tone="warning" title="This store is disconnected" />
                  )}
                  <Suspense fallback={<Loading what="the page" />}>
                    <Page />
                  </Suspense>
                </Stack>
              )}
            </Tabs.Panel>
          ))}
        </Tabs>
      </TimeZone>
    </StoreContext>
  );
}
