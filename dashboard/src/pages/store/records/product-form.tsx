import { Button, Group, NumberInput, Select, SimpleGrid, Textarea, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import type { ProductPatch } from "../../../../../src/client/index.ts";
import { AMOUNTS, nameOfField, PERCENTAGES, type ProductField } from "./product-fields.ts";

type Values = Partial<Record<ProductField, string | number | null>>;

export interface ProductFormProps {
  fields: readonly ProductField[];
  /** The current values. */
  values: Values;
  /** Why the API refuses a field. */
  problems: Record<string, string>;
  label: string;
  busy: boolean;
  /** Gets the changed fields only: a field that is left out stays as it is. */
  onSave: (changed: ProductPatch) => void;
  onCancel: () => void;
}

export function ProductForm({ fields, values, problems, label, busy, onSave, onCancel }: ProductFormProps) {
  const [form, setForm] = useState<Values>(values);
  const changed = fields.filter((field) => (form[field] ?? null) !== (values[field] ?? null));
  const save = (event: FormEvent) => {
    event.preventDefault();
    onSave(Object.fromEntries(changed.map((field) => [field, form[field] ?? null])) as ProductPatch);
  };
  const set = (field: ProductField) => (value: string | number | null) =>
    setForm((before) => ({ ...before, [field]: value === "" ? null : value }));
  return (
    <form onSubmit={save}>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        {fields.map((field) => (
          <FieldInput key={field} field={field} value={form[field] ?? null} error={problems[field]} set={set(field)} />
        ))}
      </SimpleGrid>
      <Group mt="md">
        <Button type="submit" loading={busy} disabled={changed.length === 0}>
          {label}
        </Button>
        <Button variant="default" onClick={onCancel}>
          Cancel
        </Button>
      </Group>
    </form>
  );
}

interface FieldInputProps {
  field: ProductField;
  value: string | number | null;
  error: string | undefined;
  set: (value: string | number | null) => void;
}

function FieldInput({ field, value, error, set }: FieldInputProps) {
  const label = nameOfField(field);
  if (AMOUNTS.has(field) || PERCENTAGES.has(field)) {
    const percent = PERCENTAGES.has(field);
    return (
      <NumberInput
        label={percent ? `${label} (%)` : `${label} ($)`}
        min={0}
        {...(percent ? { max: 100 } : {})}
        decimalScale={4}
        value={value ?? ""}
        error={error}
        onChange={set}
      />
    );
  }
  if (field === "status") {
    const data = [
      { value: "active", label: "Active" },
      { value: "inactive", label: "Inactive" },
    ];
    return (
      <Select label={label} data={data} allowDeselect={false} value={String(value)} error={error} onChange={set} />
    );
  }
  const text = {
    label,
    value: String(value ?? ""),
    error,
    onChange: (event: { currentTarget: { value: string } }) => set(event.currentTarget.value),
  };
  if (field === "notes")
    return <Textarea description="Only in ReUp; not sent to Dutchie" maxLength={2_000} {...text} />;
  return <TextInput required={field === "product_name"} maxLength={200} {...text} />;
}
