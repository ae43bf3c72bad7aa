import { useDeferredValue, useMemo, useState } from "react";
import { MAX_FILTER_TEXT } from "../../../../src/client/rules.ts";
import type { FleetStore } from "../../data/fleet.ts";
import { useMay } from "../../session.ts";
import { texts } from "../../texts.ts";
import { Button } from "../../ui/button.tsx";
import { DataTable } from "../../ui/data-table.tsx";
import { Empty } from "../../ui/empty.tsx";
import { TextField } from "../../ui/field.tsx";
import { sortingOf, sortingText } from "../../ui/sorting.ts";
import { usePhone } from "../../ui/use-phone.ts";
import { ChosenBar } from "./chosen-bar.tsx";
import { COLUMNS, PHONE_COLUMNS } from "./fleet-columns.tsx";
import { downloadFleet } from "./fleet-csv.ts";
import { viewOf } from "./fleet-view.ts";
import { useFleetQuery } from "./use-fleet-query.ts";

const t = texts.fleet;

/** Stores with their search, their order and what can be done with several. */
export function StoreList({ stores }: { stores: readonly FleetStore[] }) {
  const [{ q, health, sort }, ask] = useFleetQuery();
  const [chosen, choose] = useState<ReadonlySet<string>>(new Set());
  const maySync = useMay("manager") && health !== "disconnected";
  const isPhone = usePhone();
  const asked = useDeferredValue(q);
  const shown = useMemo(() => viewOf(stores, { q: asked, health }), [stores, asked, health]);
  const chosenStores = shown.filter(({ location_id }) => chosen.has(location_id));
  return (
    <>
      <div className="mb-3 flex flex-wrap items-end justify-between gap-2">
        <div className="w-full sm:w-80">
          {/* Typing makes no steps for the Back button. */}
          <TextField
            label={t.search}
            type="search"
            maxLength={MAX_FILTER_TEXT}
            value={q}
            onChange={({ currentTarget }) => void ask({ q: currentTarget.value }, { history: "replace" })}
          />
        </div>
        <div className="flex items-center gap-3">
          <p role="status" className="text-sm text-dim">
            {t.shown(shown.length, stores.length)}
          </p>
          <Button size="sm" disabled={shown.length === 0} onClick={() => downloadFleet(shown)}>
            {t.download}
          </Button>
        </div>
      </div>
      {shown.length === 0 ? (
        <Empty
          title={t.nothing}
          action={<Button onClick={() => void ask({ q: null, health: null })}>{t.showAll}</Button>}
        />
      ) : (
        <DataTable
          caption={t.title}
          columns={isPhone ? PHONE_COLUMNS : COLUMNS}
          rows={shown}
          keyOf={({ location_id }) => location_id}
          sorting={sortingOf(sort)}
          onSorting={(next) => void ask({ sort: sortingText(next) || null })}
          {...(maySync ? { chosen, onChoose: choose } : {})}
        />
      )}
      {chosenStores.length > 0 && <ChosenBar stores={chosenStores} onClear={() => choose(new Set())} />}
    </>
  );
}
