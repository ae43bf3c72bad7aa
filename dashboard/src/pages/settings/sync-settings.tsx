import { Button, Checkbox, Fieldset, Group, NumberInput, Select, SimpleGrid } from "@mantine/core";
import { type FormEvent, useState } from "react";
import type { Settings } from "../../../../src/client/index.ts";
import { fieldProblems } from "../../components/form-problems.ts";
import { Notice } from "../../components/notice.tsx";
import { Problem } from "../../components/problem.tsx";
import { useChangeLocation } from "../../data/locations.ts";
import { useMay } from "../../session.ts";
import { useStore } from "../store/store-context.ts";
import { Section } from "./section.tsx";

const CHOICES = {
  frequency: [
    { value: "realtime", label: "Real time: webhooks, and a check every 15 minutes" },
    { value: "every_15_minutes", label: "Every 15 minutes" },
    { value: "hourly", label: "Hourly" },
    { value: "daily", label: "Daily, overnight" },
  ],
  duplicate_sku: [
    { value: "auto", label: "Merge if brand, name and category agree; otherwise review" },
    { value: "merge", label: "Always merge" },
    { value: "review", label: "Always review" },
  ],
  quantity_basis: [
    { value: "available", label: "Everything available" },
    { value: "available_minus_allocated", label: "Available, minus what orders reserve" },
  ],
};

const LABELS = {
  frequency: "Frequency",
  duplicate_sku: "Products with the same SKU",
  quantity_basis: "Quantity",
} as const;

const DATA_TYPES = { products: "Products", inventory: "Inventory", sales: "Sales", customers: "Customers" } as const;

const CUSTOMERS =
  "For customer insights. Each sale gets a pseudonym. No name and no id of a customer is stored. " +
  "Switching it off deletes all pseudonyms and all customer insights for good.";

const THRESHOLDS = {
  max_duration_seconds: { label: "Alert when a sync takes longer than (seconds)", min: 1, max: 86_400, scale: 1 },
  max_error_rate: { label: "Alert when the share of failed records is over (%)", min: 0, max: 100, scale: 100 },
  max_staleness_minutes: {
    label: "Alert when the last success is older than (minutes)",
    min: 1,
    max: 10_080,
    scale: 1,
  },
} as const;

export function SyncSettings() {
  const { location } = useStore();
  const [form, setForm] = useState<Settings>(location.settings);
  const change = useChangeLocation(location.location_id);
  const may = useMay("admin");
  const problems = fieldProblems(change.error);
  const save = (event: FormEvent) => {
    event.preventDefault();
    // These have forms of their own, which may have been saved meanwhile.
    const { room_types: _, categories: __, direction: ___, field_authority: ____, ...settings } = form;
    change.mutate({ settings });
  };
  return (
    <Section title="Sync and alerts" about="Changes take effect with the next sync at the latest.">
      <form onSubmit={save}>
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          {(Object.keys(CHOICES) as (keyof typeof CHOICES)[]).map((name) => (
            <Select
              key={name}
              label={LABELS[name]}
              data={CHOICES[name]}
              value={form[name]}
              disabled={!may}
              allowDeselect={false}
              error={problems[`settings.${name}`]}
              onChange={(value) => value !== null && setForm({ ...form, [name]: value })}
            />
          ))}
          <NumberInput
            label="Days of sales history"
            min={1}
            max={3_650}
            disabled={!may}
            value={form.sales_history_days}
            error={problems["settings.sales_history_days"]}
            onChange={(days) => setForm({ ...form, sales_history_days: Number(days) })}
          />
          <NumberInput
            label="Hour of the nightly sync (0 to 23, the store's time)"
            min={0}
            max={23}
            disabled={!may}
            value={form.overnight_hour}
            error={problems["settings.overnight_hour"]}
            onChange={(hour) => setForm({ ...form, overnight_hour: Number(hour) })}
          />
        </SimpleGrid>
        <Fieldset legend="Data to sync" my="md" disabled={!may}>
          <Group align="start">
            {(Object.keys(DATA_TYPES) as (keyof typeof DATA_TYPES)[]).map((name) => (
              <Checkbox
                key={name}
                label={DATA_TYPES[name]}
                description={name === "customers" ? CUSTOMERS : undefined}
                checked={form.data_types[name]}
                onChange={(event) =>
                  setForm({ ...form, data_types: { ...form.data_types, [name]: event.currentTarget.checked } })
                }
              />
            ))}
          </Group>
        </Fieldset>
        <SimpleGrid cols={{ base: 1, sm: 2 }} mb="md">
          {(Object.keys(THRESHOLDS) as (keyof typeof THRESHOLDS)[]).map((name) => {
            const { label, min, max, scale } = THRESHOLDS[name];
            return (
              <NumberInput
                key={name}
                label={label}
                min={min}
                max={max}
                disabled={!may}
                value={form.alerts[name] * scale}
                error={problems[`settings.alerts.${name}`]}
                onChange={(value) => setForm({ ...form, alerts: { ...form.alerts, [name]: Number(value) / scale } })}
              />
            );
          })}
          <Checkbox
            label="Alert when a sync fails"
            disabled={!may}
            checked={form.alerts.on_failure}
            onChange={(event) =>
              setForm({ ...form, alerts: { ...form.alerts, on_failure: event.currentTarget.checked } })
            }
          />
        </SimpleGrid>
        <Button type="submit" disabled={!may} loading={change.isPending}>
          Save sync settings
        </Button>
      </form>
      {change.isSuccess && <Notice tone="good" title="Saved" live />}
      {change.isError && <Problem what="The settings were not changed" error={change.error} />}
    </Section>
  );
}
