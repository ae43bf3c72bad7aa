import { type FormEvent, useState } from "react";
import type { ProductPatch } from "../../../../../src/client/index.ts";
import { PRODUCT_NAME, PRODUCT_NOTES, SHORT_TEXT } from "../../../../../src/client/rules.ts";
import { AMOUNTS, nameOfField, PERCENTAGES, type ProductField } from "../../../product-fields.ts";
import { texts } from "../../../texts.ts";
import { Button } from "../../../ui/button.tsx";
import { GoBack } from "../../../ui/dialog.tsx";
import { TextArea, TextField } from "../../../ui/field.tsx";
import { LeavingQuestion } from "../../../ui/leaving-question.tsx";
import { Select } from "../../../ui/select.tsx";
import { changedOf, typedOf, type Values } from "./product-values.ts";

const t = texts.product;
const STATUSES = ["active", "inactive"] as const;

export interface ProductFormProps {
  fields: readonly ProductField[];
  /** The values at opening: those that come while it is open change nothing in it. */
  values: Values;
  /** Why the API refuses a field. */
  problems: Record<string, string>;
  action: string;
  isBusy: boolean;
  /** What was typed is saved: the page may be left. */
  isSaved?: boolean;
  /** Gets the changed fields only: a field that is left out stays as it is. */
  onSave: (changed: ProductPatch) => void;
}

export function ProductForm({ fields, values, problems, action, isBusy, isSaved = false, onSave }: ProductFormProps) {
  // The product is read again while somebody types: only what differs from the values they saw is their edit.
  const [opened] = useState({ fields, values });
  const [typed, type] = useState(() => typedOf(opened.fields, opened.values));
  const changed = changedOf(opened.fields, opened.values, typed);
  const isChanged = Object.keys(changed).length > 0;
  const save = (event: FormEvent) => {
    event.preventDefault();
    onSave(changed as ProductPatch);
  };
  return (
    <form onSubmit={save} className="flex flex-col gap-4">
      <div className="grid gap-3 sm:grid-cols-2">
        {opened.fields.map((field) => (
          <FieldInput
            key={field}
            field={field}
            value={typed[field] ?? ""}
            error={problems[field]}
            onType={(value) => type((before) => ({ ...before, [field]: value }))}
          />
        ))}
      </div>
      <div className="flex flex-wrap justify-end gap-2">
        <GoBack />
        <Button kind="primary" type="submit" busy={isBusy} disabled={!isChanged}>
          {action}
        </Button>
      </div>
      <LeavingQuestion isUnsaved={isChanged && !isSaved} isPanel />
    </form>
  );
}

interface FieldInputProps {
  field: ProductField;
  value: string;
  error: string | undefined;
  onType: (value: string) => void;
}

function FieldInput({ field, value, error, onType }: FieldInputProps) {
  const label = nameOfField(field);
  const common = {
    value,
    error,
    onChange: ({ currentTarget }: { currentTarget: { value: string } }) => onType(currentTarget.value),
  };
  if (AMOUNTS.has(field)) return <TextField label={`${label} ($)`} type="number" min={0} step="any" {...common} />;
  if (PERCENTAGES.has(field))
    return <TextField label={`${label} (%)`} type="number" min={0} max={100} step="any" {...common} />;
  if (field === "status") {
    return (
      <Select
        label={label}
        options={STATUSES.map((status) => ({ value: status, label: texts.inventory.states[status] }))}
        value={value === "inactive" ? "inactive" : "active"}
        error={error}
        onChange={onType}
      />
    );
  }
  if (field === "notes") return <TextArea label={label} about={t.notesAbout} bound={PRODUCT_NOTES} {...common} />;
  const isName = field === "product_name";
  return <TextField label={label} required={isName} bound={isName ? PRODUCT_NAME : SHORT_TEXT} {...common} />;
}
