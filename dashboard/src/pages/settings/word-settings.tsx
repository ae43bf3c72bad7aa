import { useState } from "react";
import type { MappedWord } from "../../../../src/client/index.ts";
import { CATEGORIES, ROOM_TYPES } from "../../../../src/client/rules.ts";
import { useMapping, WORDS_A_PAGE } from "../../data/mapping.ts";
import { counted, money, words } from "../../format.ts";
import { texts } from "../../texts.ts";
import { Button } from "../../ui/button.tsx";
import { Section } from "../../ui/card.tsx";
import { Loading } from "../../ui/loading.tsx";
import { Pager } from "../../ui/pager.tsx";
import { Problem } from "../../ui/problem.tsx";
import { Select } from "../../ui/select.tsx";
import { useStore } from "../store/store-context.ts";
import type { SettingsPart } from "./settings-part.ts";

/** Words that nothing maps come first; all others on demand. */
export function WordSettings(part: SettingsPart) {
  const { location } = useStore();
  const [asked, ask] = useState({ page: 1, isAll: false });
  const { isAll } = asked;
  const { data, error, isLoading, mutate } = useMapping(location.location_id, asked);
  const shown = data?.data.filter(({ word }) => word !== null) ?? [];
  const pages = Math.max(1, Math.ceil((data?.pagination.total ?? 0) / WORDS_A_PAGE));
  // Fewer words are left, as some were mapped.
  if (data !== undefined && asked.page > pages) ask({ ...asked, page: pages });
  return (
    <Section title={texts.settings.words} about={texts.settings.wordsAbout}>
      {data === undefined && error === undefined && <Loading what={texts.settings.theWords} />}
      {error !== undefined && <Problem what={texts.settings.wordsNotLoaded} error={error} retry={() => mutate()} />}
      {data !== undefined && (
        <div className="flex flex-col gap-4">
          <p>{data.unmapped === 0 ? texts.settings.allKnown : texts.settings.unknown(data.unmapped, data.words)}</p>
          {data.is_cut && <p className="text-dim">{texts.settings.wordsCut}</p>}
          <div className="grid gap-4 sm:grid-cols-2">
            {shown.map((each) => (
              <Word key={`${each.kind} ${each.word} ${each.category} ${each.subcategory}`} word={each} part={part} />
            ))}
          </div>
          {pages > 1 && (
            <Pager
              page={asked.page}
              pages={pages}
              hasNext={asked.page < pages}
              isBusy={isLoading}
              onPage={(page) => ask({ ...asked, page })}
            />
          )}
          {data.words > data.unmapped && (
            <div>
              <Button size="sm" onClick={() => ask({ page: 1, isAll: !isAll })}>
                {isAll ? texts.settings.showUnknown : texts.settings.showAll}
              </Button>
            </div>
          )}
        </div>
      )}
    </Section>
  );
}

const NONE = { value: "", label: texts.settings.byItself };

function Word({ word: mapped, part: { draft, disabled, onChange } }: { word: MappedWord; part: SettingsPart }) {
  const { kind, count, value, room_type, category, subcategory } = mapped;
  const name = mapped.word ?? "";
  const { room_types, categories } = draft.settings;
  const now = [room_type ?? category, subcategory].flatMap((each) => (each === null ? [] : [words(each)])).join(" › ");
  const of = counted(count, kind === "room" ? "package" : "product");
  const about = `${of}, ${money(value)}${now === "" ? "" : `, ${texts.settings.now(now)}`}`;
  const field = { label: name, about, disabled };
  if (kind === "room") {
    const options = [NONE, ...ROOM_TYPES.map((each) => ({ value: each, label: words(each) }))];
    const change = (chosen: string) => {
      const { [name]: _, ...others } = room_types;
      const type = ROOM_TYPES.find((each) => each === chosen);
      const next = type === undefined ? others : { ...others, [name]: type };
      onChange({ settings: { ...draft.settings, room_types: next } });
    };
    return <Select<string> {...field} options={options} value={room_types[name] ?? ""} onChange={change} />;
  }
  const options = [NONE, ...CATEGORIES.map((each) => ({ value: each, label: words(each) }))];
  const change = (chosen: string) => {
    const { [name]: _, ...others } = categories;
    const found = CATEGORIES.find((each) => each === chosen);
    const next = found === undefined ? others : { ...others, [name]: { category: found } };
    onChange({ settings: { ...draft.settings, categories: next } });
  };
  return <Select<string> {...field} options={options} value={categories[name]?.category ?? ""} onChange={change} />;
}
