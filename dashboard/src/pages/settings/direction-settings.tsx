import { Button, Fieldset, Select, SimpleGrid, Stack } from "@mantine/core";
import { type FormEvent, useState } from "react";
import type { Settings } from "../../../../src/client/index.ts";
import { PUSH_FIELDS } from "../../../../src/client/rules.ts";
import { Notice } from "../../components/notice.tsx";
import { Problem } from "../../components/problem.tsx";
import { useChangeLocation } from "../../data/locations.ts";
import { useMay } from "../../session.ts";
import { nameOfField } from "../store/records/product-fields.ts";
import { useStore } from "../store/store-context.ts";
import { Section } from "./section.tsx";

type Direction = Settings["direction"];
type Authority = NonNullable<Settings["field_authority"]["brand"]>;

const DIRECTIONS: { value: Direction; label: string }[] = [
  { value: "dutchie_to_reup", label: "Dutchie to ReUp" },
  { value: "bidirectional", label: "Bidirectional: edits in ReUp are written to Dutchie" },
];

const AUTHORITIES: { value: Authority; label: string }[] = [
  { value: "ask", label: "Edited on both sides; ask if both changed it" },
  { value: "dutchie", label: "Edited in Dutchie only" },
  { value: "reup", label: "ReUp's value always wins" },
];

/** Which way edits go, and which side decides about a field. */
export function DirectionSettings() {
  const { location } = useStore();
  const stored = location.settings;
  const [direction, setDirection] = useState<Direction>(stored.direction);
  const [authority, setAuthority] = useState(stored.field_authority);
  const change = useChangeLocation(location.location_id);
  const may = useMay("admin");
  const save = (event: FormEvent) => {
    event.preventDefault();
    change.mutate({ settings: { direction, field_authority: authority } });
  };
  return (
    <Section
      title="Direction"
      about="Quantities, rooms and packages always come from Dutchie, whatever you choose here."
    >
      <form onSubmit={save}>
        <Stack>
          <Select
            label="Direction"
            data={DIRECTIONS}
            value={direction}
            disabled={!may}
            allowDeselect={false}
            onChange={(value) => setDirection(DIRECTIONS.find((each) => each.value === value)?.value ?? direction)}
          />
          {direction !== stored.direction && <Warning direction={direction} />}
          {direction === "bidirectional" && (
            <Fieldset legend="Which side decides" disabled={!may}>
              <SimpleGrid cols={{ base: 1, sm: 2 }}>
                {PUSH_FIELDS.map((field) => (
                  <Select
                    key={field}
                    label={nameOfField(field)}
                    data={AUTHORITIES}
                    value={authority[field] ?? "ask"}
                    allowDeselect={false}
                    onChange={(value) =>
                      setAuthority({
                        ...authority,
                        [field]: AUTHORITIES.find((each) => each.value === value)?.value ?? "ask",
                      })
                    }
                  />
                ))}
              </SimpleGrid>
            </Fieldset>
          )}
          <div>
            <Button type="submit" disabled={!may} loading={change.isPending}>
              Save direction
            </Button>
          </div>
        </Stack>
      </form>
      {change.isSuccess && <Notice tone="good" title="Saved" live />}
      {change.isError && <Problem what="The direction was not changed" error={change.error} />}
    </Section>
  );
}

function Warning({ direction }: { direction: Direction }) {
  if (direction === "bidirectional") {
    return (
      <Notice tone="warning" title="ReUp will write to Dutchie" live>
        Edits of products in ReUp then change Dutchie, too. Names, brands, categories and potencies change for all
        locations that share the product. Price and cost change for this store only. The API key needs the role
        Inventory.
      </Notice>
    );
  }
  return (
    <Notice tone="warning" title="Edits that are not sent yet will be cancelled" live>
      Products will show Dutchie's values again. You can then edit them in Dutchie only.
    </Notice>
  );
}
