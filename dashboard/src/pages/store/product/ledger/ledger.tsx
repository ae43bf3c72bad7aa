import type { ProductDetail } from "../../../../../../src/client/index.ts";
import { useLedger } from "../../../../data/ledger.ts";
import { quantity } from "../../../../format.ts";
import { texts } from "../../../../texts.ts";
import { Section } from "../../../../ui/card.tsx";
import { classes } from "../../../../ui/classes.ts";
import { type Column, DataTable } from "../../../../ui/data-table.tsx";
import { Link } from "../../../../ui/link.tsx";
import { Time } from "../../../../ui/time.tsx";
import { usePhone } from "../../../../ui/use-phone.ts";
import { ListState } from "../../activity/list-state.tsx";
import { useStore } from "../../store-context.ts";
import { type LedgerEntry, ledgerOf } from "./ledger-of.ts";
import { changeOf, packageWay, toldOf } from "./ledger-words.ts";

const t = texts.product;

/** How the quantity came to be: each change, what it left, and what made it. */
export function Ledger({ product }: { product: ProductDetail }) {
  const { location_id } = useStore().location;
  const isPhone = usePhone();
  const ledger = useLedger(location_id, product.product_id);
  return (
    <Section title={t.ledger} about={t.ledgerAbout}>
      <ListState list={ledger} what={t.theLedger} notLoaded={t.ledgerNotLoaded}>
        {({ changes, sales }) => {
          const entries = ledgerOf(changes, product, sales);
          if (entries.length === 0) return <p className="text-dim">{t.noLedger}</p>;
          return (
            <DataTable
              caption={t.ledger}
              columns={isPhone ? phoneColumns(location_id) : ledgerColumns(location_id)}
              rows={entries}
              keyOf={({ key }) => key}
            />
          );
        }}
      </ListState>
    </Section>
  );
}

const ledgerColumns = (location_id: string): Column<LedgerEntry>[] => [
  { id: "time", label: t.time, cell: ({ at }) => <Time at={at} /> },
  { id: "package", label: t.package, cell: (entry) => <Package entry={entry} location_id={location_id} /> },
  { id: "change", label: t.change, isNumber: true, cell: (entry) => <Amount entry={entry} /> },
  {
    id: "balance",
    label: t.balance,
    isNumber: true,
    cell: ({ balance }) => (balance === null ? "–" : quantity(balance)),
  },
  { id: "what", label: t.what, cell: (entry) => <What entry={entry} location_id={location_id} /> },
];

const phoneColumns = (location_id: string): Column<LedgerEntry>[] => [
  {
    id: "what",
    label: t.what,
    cell: (entry) => (
      <div className="flex flex-col items-start gap-0.5">
        <What entry={entry} location_id={location_id} />
        <p className="text-sm text-dim">
          <Time at={entry.at} />
        </p>
      </div>
    ),
  },
  { id: "change", label: t.change, isNumber: true, cell: (entry) => <Amount entry={entry} /> },
  {
    id: "balance",
    label: t.balance,
    isNumber: true,
    cell: ({ balance }) => (balance === null ? "–" : quantity(balance)),
  },
];

function Amount({ entry: { change } }: { entry: LedgerEntry }) {
  return (
    <span className={classes("font-semibold", change < 0 && "text-bad", change > 0 && "text-good")}>
      {changeOf(change)}
    </span>
  );
}

function Package({ entry, location_id }: { entry: LedgerEntry; location_id: string }) {
  if (entry.package_id === null) return <span className="text-dim">–</span>;
  return <Link href={packageWay(location_id, entry.package_id)}>{entry.package_id}</Link>;
}

function What({ entry, location_id }: { entry: LedgerEntry; location_id: string }) {
  const { words, href } = toldOf(entry, location_id);
  return href === null ? words : <Link href={href}>{words}</Link>;
}
