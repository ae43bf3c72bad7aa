import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { useDeferredValue, useMemo, useState } from "react";
import { type FleetStore, useFleet } from "../../data/fleet.ts";
import { paths } from "../../navigation.ts";
import { useMay } from "../../session.ts";
import { texts } from "../../texts.ts";
import { Button } from "../../ui/button.tsx";
import { DataTable } from "../../ui/data-table.tsx";
import { Empty } from "../../ui/empty.tsx";
import { TextField } from "../../ui/field.tsx";
import { Link } from "../../ui/link.tsx";
import { Loading } from "../../ui/loading.tsx";
import { PageTitle } from "../../ui/page-title.tsx";
import { Problem } from "../../ui/problem.tsx";
import { sortingOf, sortingText } from "../../ui/sorting.ts";
import { usePhone } from "../../ui/use-phone.ts";
import { ChosenBar } from "./chosen-bar.tsx";
import { Counters } from "./counters.tsx";
import { COLUMNS, PHONE_COLUMNS } from "./fleet-columns.tsx";
import { downloadFleet } from "./fleet-csv.ts";
import { COUNTED, countOf, needsPerson, viewOf } from "./fleet-view.ts";

const t = texts.fleet;

/** All stores, those that need a person first. */
export function Fleet() {
  const fleet = useFleet();
  const mayConnect = useMay("admin");
  const connect = mayConnect && (
    <Button asChild>
      <Link isPlain href={paths.connect}>
        {t.connect}
      </Link>
    </Button>
  );
  const stores = fleet.data;
  return (
    <>
      <PageTitle title={t.title} {...(stores === undefined || stores.length === 0 ? {} : { about: sentence(stores) })}>
        {connect}
      </PageTitle>
      {fleet.error !== undefined && <Problem what={t.notLoaded} error={fleet.error} retry={() => fleet.mutate()} />}
      {stores === undefined && fleet.error === undefined && <Loading what={t.yourStores} />}
      {stores?.length === 0 && <Empty title={t.none}>{mayConnect ? t.noneAdmin : t.noneOther}</Empty>}
      {stores !== undefined && stores.length > 0 && <List stores={stores} />}
    </>
  );
}

function sentence(stores: readonly FleetStore[]): string {
  return t.sentence(stores.filter(needsPerson).length, stores.length);
}

function List({ stores }: { stores: readonly FleetStore[] }) {
  const [{ q, health, sort }, ask] = useQueryStates(
    {
      q: parseAsString.withDefault(""),
      health: parseAsStringLiteral(COUNTED),
      sort: parseAsString.withDefault(""),
    },
    { history: "push" },
  );
  const [chosen, choose] = useState<ReadonlySet<string>>(new Set());
  const mayAct = useMay("manager");
  const isPhone = usePhone();
  const asked = useDeferredValue(q);
  const counts = useMemo(() => countOf(stores), [stores]);
  const shown = useMemo(() => viewOf(stores, { q: asked, health }), [stores, asked, health]);
  const chosenStores = shown.filter(({ location_id }) => chosen.has(location_id));
  return (
    <>
      <Counters counts={counts} chosen={health} onChoose={(next) => void ask({ health: next })} />
      <div className="mb-3 flex flex-wrap items-end justify-between gap-2">
        <div className="w-full sm:w-80">
          {/* Typing makes no steps for the Back button. */}
          <TextField
            label={t.search}
            type="search"
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
          {...(mayAct ? { chosen, onChoose: choose } : {})}
        />
      )}
      {chosenStores.length > 0 && <ChosenBar stores={chosenStores} onClear={() => choose(new Set())} />}
    </>
  );
}
