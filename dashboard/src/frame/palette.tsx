import { Command } from "cmdk";
import { useLocation } from "wouter";
import { useLocations } from "../data/locations.ts";
import { paths } from "../navigation.ts";
import { texts } from "../texts.ts";

const ITEM = "cursor-pointer rounded px-2.5 py-2 aria-selected:bg-raised";

/** Ctrl K: leads to a store, a product or a page by typing. */
export default function Palette({ onClose }: { onClose: () => void }) {
  const [, navigate] = useLocation();
  const { data: stores = [] } = useLocations();
  const go = (to: string) => {
    onClose();
    navigate(to);
  };
  return (
    <Command.Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      label={texts.frame.searchAbout}
      overlayClassName="fixed inset-0 z-40 bg-black/50"
      contentClassName="fixed z-50 left-1/2 top-[15dvh] w-[min(36rem,calc(100vw-2rem))] -translate-x-1/2 rounded-lg border border-line bg-surface p-2 shadow-xl"
    >
      <Command.Input
        placeholder={texts.frame.searchAbout}
        className="min-h-10 w-full border-b border-line bg-surface px-2.5 outline-none"
      />
      <Command.List className="mt-2 max-h-[50dvh] overflow-y-auto">
        <Command.Empty className="px-2.5 py-4 text-dim">{texts.frame.nothingFound}</Command.Empty>
        <Command.Group
          heading={texts.frame.places}
          className="text-sm text-dim [&_[cmdk-item]]:text-base [&_[cmdk-item]]:text-ink"
        >
          <Command.Item className={ITEM} onSelect={() => go(paths.stores)}>
            {texts.frame.stores}
          </Command.Item>
          <Command.Item className={ITEM} onSelect={() => go(paths.inbox)}>
            {texts.frame.inbox}
          </Command.Item>
          <Command.Item className={ITEM} onSelect={() => go(paths.notifications)}>
            {texts.frame.notifications}
          </Command.Item>
        </Command.Group>
        <Command.Group
          heading={texts.frame.stores}
          className="text-sm text-dim [&_[cmdk-item]]:text-base [&_[cmdk-item]]:text-ink"
        >
          {stores.map(({ location_id, name }) => (
            <Command.Item
              key={location_id}
              className={ITEM}
              value={`${name} ${location_id}`}
              onSelect={() => go(paths.overview(location_id))}
            >
              {name}
            </Command.Item>
          ))}
        </Command.Group>
      </Command.List>
    </Command.Dialog>
  );
}
