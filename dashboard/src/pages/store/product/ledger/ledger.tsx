import type { LedgerEntry } from "../../../../../../src/client/index.ts";
import { useLedger } from "../../../../data/ledger.ts";
import { quantity } from "../../../../format.ts";
import { texts } from "../../../../texts.ts";
import { Section } from "../../../../ui/card.tsx";
import { classes } from "../../../../ui/classes.ts";
import type { Column } from "../../../../ui/data-table.tsx";
import { Link } from "../../../../ui/link.tsx";
import { Time } from "../../../../ui/time.tsx";
import { usePhone } from "../../../../ui/use-phone.ts";
import { useCursorPages } from "../../../../use-cursor-pages.ts";
import { CursorTable } from "../../activity/cursor-table.tsx";
import { useStore } from "../../store-context.ts";
import { changeOf, packageWay, toldOf } from "./ledger-words.ts";

const t = texts.product;

/** How the quantity came to be: each change, what it left, and what made it. */
export function Ledger({ product_id }: { product_id: string }) {
  const { location_id } = useStore().location;
  const pages = useCursorPages();
  const isPhone = usePhone();
  const ledger = useLedger(location_id, product_id, pages.cursor);
  return (
    <Section title={t.ledger} about={t.ledgerAbout}>
      <CursorTable
        list={ledger}
        pages={pages}
        what={t.theLedger}
        notLoaded={t.ledgerNotLoaded}
        caption={t.ledger}
        columns={isPhone ? phoneColumns(location_id) : ledgerColumns(location_id)}
        keyOf={({ inventory_id, at, balance }) => `${at} ${inventory_id} ${balance}`}
        empty={<p className="text-dim">{t.noLedger}</p>}
      />
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
    cell: ({ balance }) => quantity(balance),
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
  // One below the other: two large numbers side by side are wider than a phone.
  {
    id: "change",
    label: t.change,
    isNumber: true,
    cell: (entry) => (
      <>
        <Amount entry={entry} />
        <p className="text-sm text-dim">
          {t.balance}
          <br />
          {quantity(entry.balance)}
        </p>
      </>
    ),
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
