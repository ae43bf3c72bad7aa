import { lazy } from "react";
import { useLocation } from "../../data/locations.ts";
import { useLiveStatus } from "../../data/status.ts";
import { paths } from "../../navigation.ts";
import { texts } from "../../texts.ts";
import { TimeZone } from "../../time-zone.ts";
import { Loading } from "../../ui/loading.tsx";
import { Nav } from "../../ui/nav.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Part } from "../../ui/part.tsx";
import { Problem } from "../../ui/problem.tsx";
import { Time } from "../../ui/time.tsx";
import { NotFound } from "../not-found.tsx";
import { StoreContext } from "./store-context.ts";

const Overview = lazy(() => import("./overview/overview.tsx"));
const Inventory = lazy(() => import("./inventory/inventory.tsx"));
const Product = lazy(() => import("./product/product.tsx"));
const Activity = lazy(() => import("./activity/activity.tsx"));
const Settings = lazy(() => import("../settings/settings.tsx"));

export interface StorePagesProps {
  location_id: string;
  place: string | undefined;
  /** The list in a place, or a product's id. */
  part: string | undefined;
}

/** All pages of one store. They share the store's row, live status and time zone. */
export function StorePages({ location_id, place, part }: StorePagesProps) {
  const location = useLocation(location_id);
  const live = useLiveStatus(location_id);
  if (location.error !== undefined && location.data === undefined)
    return <Problem what={texts.store.notLoaded} error={location.error} retry={() => location.mutate()} />;
  if (live.error !== undefined && live.status === undefined)
    return <Problem what={texts.store.statusNotLoaded} error={live.error} retry={live.again} />;
  if (location.data === undefined || live.status === undefined) return <Loading what="the store" />;
  const page = pageAt(place, part);
  if (page === null) return <NotFound />;
  const { name, time_zone } = location.data;
  const connection = { live: texts.store.live, connecting: texts.store.connecting, broken: texts.store.notLive };
  return (
    <StoreContext value={{ location: location.data, status: live.status }}>
      <TimeZone value={time_zone}>
        <div className="mb-2 flex flex-wrap items-baseline justify-between gap-2">
          <p className="line-clamp-3 min-w-0 text-lg font-semibold wrap-anywhere" title={name}>
            <bdi>{name}</bdi>
          </p>
          <p role="status" className="text-sm text-dim">
            {live.error === undefined || live.connection === "live" ? (
              connection[live.connection]
            ) : (
              <>
                {texts.store.asOf} <Time at={live.status.updated_at} isRelative />
              </>
            )}{" "}
            · {time_zone}
          </p>
        </div>
        <Nav
          label={texts.store.pagesOf(name)}
          items={[
            { href: paths.overview(location_id), label: texts.store.overview, isCurrent: place === undefined },
            {
              href: paths.inventory(location_id),
              label: texts.store.inventory,
              isCurrent: place === "inventory" || place === "products",
            },
            { href: paths.activity(location_id), label: texts.store.activity, isCurrent: place === "activity" },
            { href: paths.settings(location_id), label: texts.store.settings, isCurrent: place === "settings" },
          ]}
        />
        {live.status.state === "disconnected" && <Notice tone="warn" title={texts.store.disconnected} />}
        <Part of={[place, part, live.status]} what="the page">
          {page}
        </Part>
      </TimeZone>
    </StoreContext>
  );
}

function pageAt(place: string | undefined, part: string | undefined) {
  if (place === undefined) return <Overview />;
  if (place === "inventory") return <Inventory list={part ?? "products"} />;
  if (place === "products" && part !== undefined) return <Product key={part} product_id={part} />;
  if (place === "activity") return <Activity list={part ?? "changes"} />;
  if (place === "settings") return <Settings />;
  return null;
}
