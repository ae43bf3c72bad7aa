import { Eye, EyeOff } from "lucide-react";
import { type ComponentPropsWithRef, type ReactNode, useId, useState } from "react";
import { excessSigns, roomLeft, type TextBound } from "../../../src/client/rules.ts";
import { texts } from "../texts.ts";
import { classes } from "./classes.ts";

export interface FieldProps {
  label: string;
  /** What to enter, and where to find it. */
  about?: ReactNode;
  /** What is wrong with what was entered. */
  error?: ReactNode;
}

interface FieldFrameProps extends FieldProps {
  id: string;
  required?: boolean | undefined;
  children: ReactNode;
}

const CONTROL = "min-h-10 w-full rounded-md border bg-surface px-3 text-ink placeholder:text-dim disabled:opacity-60";
export const control = (isWrong: boolean) => classes(CONTROL, isWrong ? "border-bad" : "border-edge");

/** What ties a control to its text, for screen readers. */
export const described = (id: string, { about, error }: Pick<FieldProps, "about" | "error">) => {
  const texts = [isSet(about) ? `${id}-about` : "", isSet(error) ? `${id}-error` : ""].join(" ").trim();
  return { id, "aria-invalid": isSet(error) || undefined, "aria-describedby": texts === "" ? undefined : texts };
};

export function FieldFrame({ id, label, about, error, required = false, children }: FieldFrameProps) {
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <label htmlFor={id} className="text-sm font-medium">
        {label}
        {required && (
          <span aria-hidden className="text-bad">
            {" "}
            *
          </span>
        )}
      </label>
      {children}
      {isSet(about) && (
        <p id={`${id}-about`} className="text-sm text-dim">
          {about}
        </p>
      )}
      {isSet(error) && (
        <p id={`${id}-error`} className="text-sm text-bad">
          {error}
        </p>
      )}
    </div>
  );
}

type InputProps = FieldProps & Omit<ComponentPropsWithRef<"input">, "id" | "about">;

interface Bounded {
  /** What ReUp keeps at most: the field says what is left, and its form is not sent while it is too long. */
  bound?: TextBound | undefined;
}

/** The share of the bound from which on it matters what is left. */
const NEARLY_FULL = 0.2;

/** The texts of a field, with what is left of its bound, and the check before its form is sent. */
function boundTexts(
  value: unknown,
  { about, error }: Pick<FieldProps, "about" | "error">,
  bound: TextBound | undefined,
) {
  if (bound === undefined || typeof value !== "string") return { about, error, check: {} };
  const left = roomLeft(value, bound);
  const tooLong = left < 0 ? texts.common.tooLong(excessSigns(value, bound)) : "";
  const told = left >= 0 && left <= bound.max * NEARLY_FULL && texts.common.roomLeft(left);
  return {
    about:
      told === false ? (
        about
      ) : isSet(about) ? (
        <>
          {about} {told}
        </>
      ) : (
        told
      ),
    error: tooLong || error,
    check: { ref: (field: HTMLInputElement | HTMLTextAreaElement | null) => field?.setCustomValidity(tooLong) },
  };
}

export function TextField({ label, className, bound, ...rest }: InputProps & Bounded) {
  const { about: _, error: __, ...input } = rest;
  const id = useId();
  const { about, error, check } = boundTexts(input.value, rest, bound);
  return (
    <FieldFrame {...{ id, label, about, error, required: input.required }}>
      <input
        type="text"
        {...check}
        {...input}
        {...described(id, { about, error })}
        className={classes(control(isSet(error)), className)}
      />
    </FieldFrame>
  );
}

/** A secret; it can be shown. */
export function SecretField({ label, about, error, className, ...input }: InputProps) {
  const id = useId();
  const [isShown, show] = useState(false);
  return (
    <FieldFrame {...{ id, label, about, error, required: input.required }}>
      <div className="relative">
        <input
          autoComplete="off"
          spellCheck={false}
          {...input}
          {...described(id, { about, error })}
          type={isShown ? "text" : "password"}
          className={classes(control(isSet(error)), "pr-11", className)}
        />
        <button
          type="button"
          className="absolute inset-y-0 right-0 flex w-10 items-center justify-center text-dim"
          aria-label={`Show or hide: ${label}`}
          aria-pressed={isShown}
          onClick={() => show(!isShown)}
        >
          {isShown ? <EyeOff aria-hidden size={18} /> : <Eye aria-hidden size={18} />}
        </button>
      </div>
    </FieldFrame>
  );
}

type TextAreaProps = FieldProps & Omit<ComponentPropsWithRef<"textarea">, "id" | "about">;

export function TextArea({ label, className, bound, ...rest }: TextAreaProps & Bounded) {
  const { about: _, error: __, ...input } = rest;
  const id = useId();
  const { about, error, check } = boundTexts(input.value, rest, bound);
  return (
    <FieldFrame {...{ id, label, about, error, required: input.required }}>
      <textarea
        rows={3}
        {...check}
        {...input}
        {...described(id, { about, error })}
        className={classes(control(isSet(error)), "py-2", className)}
      />
    </FieldFrame>
  );
}

function isSet(text: ReactNode): boolean {
  return text !== undefined && text !== null && text !== false && text !== "";
}
