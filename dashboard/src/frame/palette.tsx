import { Command } from "cmdk";
import { type ReactNode, useDeferredValue, useState } from "react";
import { useLocation } from "wouter";
import { MAX_FILTER_TEXT } from "../../../src/client/rules.ts";
import { useFoundProducts } from "../data/find-products.ts";
import { useFleet } from "../data/fleet.ts";
import { paths } from "../navigation.ts";
import { useSyncNow } from "../pages/fleet/use-sync-now.ts";
import { signOut, useMay } from "../session.ts";
import { texts } from "../texts.ts";
import { chooseTheme, useTheme } from "../theme.ts";

const t = texts.frame;

/** Ctrl K: leads to a store, a product, a page or an action by typing. */
export default function Palette({ onClose }: { onClose: () => void }) {
  const [path, navigate] = useLocation();
  const [typed, type] = useState("");
  const { data: fleet } = useFleet();
  const stores = fleet?.data ?? [];
  const here = /^\/stores\/([^/]+)/.exec(path)?.[1];
  // Products belong to a store: to the one that is looked at, or the only one.
  const store = stores.length === 1 ? stores[0] : stores.find((each) => encodeURIComponent(each.location_id) === here);
  const { data: found = [] } = useFoundProducts(store?.location_id ?? null, useDeferredValue(typed));
  const sync = useSyncNow();
  const mayAct = useMay("manager");
  const mayConnect = useMay("admin");
  const isDark = useTheme() === "dark";
  const run = (act: () => unknown) => () => {
    onClose();
    void act();
  };
  const go = (to: string) => run(() => navigate(to));
  return (
    <Command.Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      label={t.searchAbout}
      overlayClassName="fixed inset-0 z-40 bg-black/50"
      contentClassName="fixed z-50 left-1/2 top-[15dvh] w-[min(36rem,calc(100vw-2rem))] -translate-x-1/2 rounded-lg border border-line bg-surface p-2 shadow-xl"
    >
      <Command.Input
        value={typed}
        maxLength={MAX_FILTER_TEXT}
        onValueChange={type}
        placeholder={t.searchAbout}
        className="min-h-10 w-full border-b border-line bg-surface px-2.5 outline-none placeholder:text-dim"
      />
      <Command.List className="mt-2 max-h-[50dvh] overflow-y-auto">
        {found.length === 0 && <Command.Empty className="px-2.5 py-4 text-dim">{t.nothingFound}</Command.Empty>}
        <Group heading={t.stores}>
          {stores.map(({ location_id, name }) => (
            <Item key={location_id} value={`${name} ${location_id}`} onSelect={go(paths.overview(location_id))}>
              {name}
            </Item>
          ))}
        </Group>
        {store !== undefined && found.length > 0 && (
          // ReUp has searched already, in more than the name.
          <Group forceMount heading={t.productsOf(store.name)}>
            {found.map(({ product_id, product_name, sku }) => (
              <Item key={product_id} value={product_id} onSelect={go(paths.product(store.location_id, product_id))}>
                {product_name ?? product_id} {sku !== null && <span className="text-sm text-dim">{sku}</span>}
              </Item>
            ))}
          </Group>
        )}
        <Group heading={t.places}>
          <Item onSelect={go(paths.stores)}>{t.allStores}</Item>
          <Item onSelect={go(paths.inbox)}>{t.inbox}</Item>
          <Item onSelect={go(paths.notifications)}>{t.notifications}</Item>
        </Group>
        <Group heading={t.actions}>
          {store !== undefined && mayAct && <Item onSelect={run(() => sync.run([store]))}>{t.sync(store.name)}</Item>}
          {mayConnect && <Item onSelect={go(paths.connect)}>{t.connect}</Item>}
          <Item onSelect={run(() => chooseTheme(isDark ? "light" : "dark"))}>{isDark ? t.light : t.dark}</Item>
          <Item onSelect={run(signOut)}>{t.signOut}</Item>
        </Group>
      </Command.List>
    </Command.Dialog>
  );
}

interface GroupProps {
  heading: string;
  /** Shown whatever is typed. */
  forceMount?: boolean;
  children: ReactNode;
}

function Group({ children, ...group }: GroupProps) {
  return (
    <Command.Group
      {...group}
      className="text-sm text-dim [&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-item]]:text-base [&_[cmdk-item]]:text-ink"
    >
      {children}
    </Command.Group>
  );
}

interface ItemProps {
  value?: string;
  onSelect: () => void;
  children: ReactNode;
}

function Item({ children, ...item }: ItemProps) {
  return (
    <Command.Item {...item} className="cursor-pointer rounded px-2.5 py-2 aria-selected:bg-raised">
      {children}
    </Command.Item>
  );
}
