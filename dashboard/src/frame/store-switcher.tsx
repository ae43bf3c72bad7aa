import { ChevronsUpDown } from "lucide-react";
import { useLocation } from "wouter";
import { useLocations } from "../data/locations.ts";
import { paths } from "../navigation.ts";
import { texts } from "../texts.ts";
import { Button } from "../ui/button.tsx";
import { Menu } from "../ui/menu.tsx";

/** More stores than that are found by searching. */
const LISTED = 12;

/** On a store's page: the same page of another store. */
export function StoreSwitcher() {
  const [path, navigate] = useLocation();
  const here = /^\/stores\/([^/]+)/.exec(path)?.[1];
  const { data: stores = [] } = useLocations();
  if (here === undefined || stores.length < 2) return null;
  const current = stores.find(({ location_id }) => encodeURIComponent(location_id) === here);
  const { switchStore, switchFrom } = texts.frame;
  const page = /^\/stores\/[^/]+(\/(?:inventory|activity|settings)\b[^?]*)?/.exec(path)?.[1] ?? "";
  return (
    <Menu
      trigger={
        // Its name begins with what is read on it, so that it can be called by voice.
        <Button
          size="sm"
          aria-label={current === undefined ? switchStore : switchFrom(current.name)}
          className="max-md:hidden"
        >
          <bdi className="max-w-40 truncate">{current?.name ?? switchStore}</bdi>
          <ChevronsUpDown aria-hidden size={14} />
        </Button>
      }
      items={stores.slice(0, LISTED).map(({ location_id, name }) => ({
        id: location_id,
        label: name,
        onSelect: () => navigate(`${paths.overview(location_id)}${page}`),
      }))}
    />
  );
}
