import type { FleetStore } from "../../data/fleet.ts";
import { INBOX_KINDS, type InboxKind } from "../../data/inbox-items.ts";
import { texts } from "../../texts.ts";
import { Segments } from "../../ui/segments.tsx";
import { Select } from "../../ui/select.tsx";

const t = texts.inbox;

type Shown = "open" | "decided";

export interface InboxFiltersProps {
  stores: readonly FleetStore[];
  shown: Shown;
  kind: InboxKind | null;
  store: string;
  onChange: (change: { show?: Shown | null; kind?: InboxKind | null; store?: string | null }) => void;
}

export function InboxFilters({ stores, shown, kind, store, onChange }: InboxFiltersProps) {
  const kinds = INBOX_KINDS.map((value) => ({ value, label: t.kinds[value] }));
  const listed = [...stores].sort((a, b) => a.name.localeCompare(b.name));
  return (
    <div className="mb-4 flex flex-wrap items-center gap-2">
      <Segments
        label={t.show}
        options={[
          { value: "open", label: t.open },
          { value: "decided", label: t.decided },
        ]}
        value={shown}
        onChange={(value) => onChange({ show: value === "open" ? null : value })}
      />
      {shown === "open" && (
        <div className="w-44">
          <Select<InboxKind | "">
            isBare
            label={t.kind}
            value={kind ?? ""}
            options={[{ value: "", label: t.allKinds }, ...kinds]}
            onChange={(value) => onChange({ kind: value === "" ? null : value })}
          />
        </div>
      )}
      <div className="w-56">
        <Select
          isBare
          label={t.store}
          value={store}
          options={[
            { value: "", label: t.allStores },
            ...listed.map(({ location_id, name }) => ({ value: location_id, label: name })),
          ]}
          onChange={(value) => onChange({ store: value === "" ? null : value })}
        />
      </div>
    </div>
  );
}
