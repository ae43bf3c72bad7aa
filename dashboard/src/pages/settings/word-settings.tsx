import { useState } from "react";
import type { MappedWord } from "../../../../src/client/index.ts";
import { CATEGORIES, ROOM_TYPES } from "../../../../src/client/rules.ts";
import { useMapping } from "../../data/mapping.ts";
import { counted, money, words } from "../../format.ts";
import { texts } from "../../texts.ts";
import { Button } from "../../ui/button.tsx";
import { Section } from "../../ui/card.tsx";
import { Loading } from "../../ui/loading.tsx";
import { Problem } from "../../ui/problem.tsx";
import { Select } from "../../ui/select.tsx";
import { useStore } from "../store/store-context.ts";
import type { SettingsPart } from "./settings-part.ts";

/** Words that nothing maps come first; all others on demand. */
export function WordSettings(part: SettingsPart) {
  const { location } = useStore();
  const [isAll, setAll] = useState(false);
  const { data, error, mutate } = useMapping(location.location_id);
  const known = data?.data.filter(({ word }) => word !== null) ?? [];
  const open = known.filter(({ rule, count }) => rule === null && count > 0);
  const shown = isAll ? known : open;
  return (
    <Section title={texts.settings.words} about={texts.settings.wordsAbout}>
      {data === undefined && error === undefined && <Loading what={texts.settings.theWords} />}
      {error !== undefined && <Problem what={texts.settings.wordsNotLoaded} error={error} retry={() => mutate()} />}
      {data !== undefined && (
        <div className="flex flex-col gap-4">
          <p>{open.length === 0 ? texts.settings.allKnown : texts.settings.unknown(open.length, known.length)}</p>
          <div className="grid gap-4 sm:grid-cols-2">
            {shown.map((each) => (
              <Word key={`${each.kind} ${each.word} ${each.category} ${each.subcategory}`} word={each} part={part} />
            ))}
          </div>
          {known.length > open.length && (
            <div>
              <Button size="sm" onClick={() => setAll(!isAll)}>
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
