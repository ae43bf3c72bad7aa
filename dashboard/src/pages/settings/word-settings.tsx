import { Button, Group, Select, Stack, Text } from "@mantine/core";
import { useState } from "react";
import type { MappedWord } from "../../../../src/client/index.ts";
import { CATEGORIES, ROOM_TYPES } from "../../../../src/client/rules.ts";
import { Loading } from "../../components/loading.tsx";
import { Problem } from "../../components/problem.tsx";
import { useChangeLocation } from "../../data/locations.ts";
import { useMapping } from "../../data/records.ts";
import { count, money, words } from "../../format.ts";
import { useMay } from "../../session.ts";
import { useStore } from "../store/store-context.ts";
import { Section } from "./section.tsx";

const KINDS = {
  room: { values: ROOM_TYPES, of: "package" },
  category: { values: CATEGORIES, of: "product" },
} as const;

/** Words that nothing maps, to map with one click, and all others on demand. */
export function WordSettings() {
  const { location } = useStore();
  const [all, setAll] = useState(false);
  const mapping = useMapping(location.location_id);
  const known = mapping.data?.data.filter(({ word }) => word !== null) ?? [];
  const open = known.filter(({ rule, count: concerned }) => rule === null && concerned > 0);
  const shown = all ? known : open;
  return (
    <Section
      title="Words"
      about="What ReUp calls your rooms and categories in Dutchie. Choose what a word means, and ReUp uses it at once."
    >
      {mapping.isPending && <Loading what="the words" />}
      {mapping.isError && (
        <Problem what="The words could not be loaded" error={mapping.error} retry={mapping.refetch} />
      )}
      {mapping.isSuccess && (
        <Stack>
          <Text size="sm">
            {open.length === 0
              ? "ReUp knows every word of your rooms and categories."
              : `ReUp does not know ${count(open.length)} of ${count(known.length)} words.`}
          </Text>
          {shown.map((each) => (
            <Word key={`${each.kind} ${each.word} ${each.category} ${each.subcategory}`} {...each} />
          ))}
          {known.length > open.length && (
            <Group>
              <Button variant="default" size="xs" onClick={() => setAll(!all)}>
                {all ? "Show only unknown words" : "Show all words"}
              </Button>
            </Group>
          )}
        </Stack>
      )}
    </Section>
  );
}

function Word({ kind, word, count: concerned, value, room_type, category, subcategory, rule }: MappedWord) {
  const { location } = useStore();
  const change = useChangeLocation(location.location_id);
  const may = useMay("admin");
  const { values, of } = KINDS[kind];
  const name = word ?? "";
  const told = [room_type ?? category, subcategory].flatMap((each) => (each === null ? [] : [words(each)])).join(" › ");
  const save = (chosen: string | null) => {
    const room_types = Object.entries(location.settings.room_types).filter(([each]) => each !== name);
    const categories = Object.entries(location.settings.categories).filter(([each]) => each !== name);
    const type = ROOM_TYPES.find((each) => each === chosen);
    const found = CATEGORIES.find((each) => each === chosen);
    const settings =
      kind === "room"
        ? { room_types: Object.fromEntries([...room_types, ...(type ? [[name, type] as const] : [])]) }
        : { categories: Object.fromEntries([...categories, ...(found ? [[name, { category: found }] as const] : [])]) };
    change.mutate({ settings });
  };
  return (
    <div>
      <Select
        label={name}
        description={`${count(concerned)} ${of}${concerned === 1 ? "" : "s"}, ${money(value)}${told === "" ? "" : `, now ${told}`}`}
        placeholder={kind === "room" ? "Choose a room type" : "Choose a category"}
        data={values.map((each) => ({ value: each, label: words(each) }))}
        value={rule === "setting" ? (room_type ?? category) : null}
        clearable={rule === "setting"}
        disabled={!may || change.isPending}
        onChange={save}
      />
      {change.isError && <Problem what="The word was not changed" error={change.error} />}
    </div>
  );
}
