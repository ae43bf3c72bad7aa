import { Slot } from "radix-ui";
import type { ComponentPropsWithRef, MouseEvent } from "react";
import { classes } from "./classes.ts";
import { Spinner } from "./spinner.tsx";

const KINDS = {
  primary: "border border-transparent bg-brand-fill text-white hover:brightness-110",
  secondary: "border border-edge bg-surface text-ink hover:bg-raised",
  danger: "border border-transparent bg-danger-fill text-white hover:brightness-110",
  ghost: "text-ink hover:bg-raised",
} as const;

const SIZES = { sm: "min-h-8 px-2.5 text-sm", md: "min-h-10 px-4" } as const;

export interface ButtonProps extends ComponentPropsWithRef<"button"> {
  kind?: keyof typeof KINDS;
  size?: keyof typeof SIZES;
  /** Work is under way: the button cannot be pressed again. */
  busy?: boolean;
  /** The look of a button for its one child, such as a link. */
  asChild?: boolean;
}

/** Its label is a verb and its object. One `primary` in a place at most. */
export function Button({ kind = "secondary", size = "md", busy = false, asChild = false, ...rest }: ButtonProps) {
  const { className, disabled, children, type = "button", onClick, ...props } = rest;
  const isOff = disabled === true || busy;
  const look = classes(
    "inline-flex items-center justify-center gap-2 rounded-md font-medium whitespace-nowrap select-none",
    "aria-disabled:cursor-not-allowed aria-disabled:opacity-55",
    KINDS[kind],
    SIZES[size],
    className,
  );
  if (asChild) {
    return (
      <Slot.Root className={look} onClick={onClick} {...props}>
        {children}
      </Slot.Root>
    );
  }
  return (
    <button
      {...props}
      type={type}
      className={look}
      aria-disabled={isOff || undefined}
      aria-busy={busy || undefined}
      onClick={isOff ? refuse : onClick}
    >
      {busy && <Spinner />}
      {children}
    </button>
  );
}

/**
 * With the attribute `disabled`, the button that somebody pressed would lose the focus while it is busy, and the keyboard would
 * begin at the top of the page. A form is sent by the click of its button, also at Enter in a field.
 */
const refuse = (event: MouseEvent) => event.preventDefault();

export interface IconButtonProps extends Omit<ButtonProps, "aria-label" | "asChild"> {
  /** Read out, and shown as a tooltip. */
  label: string;
}

export function IconButton({ label, className, children, ...rest }: IconButtonProps) {
  return (
    <Button
      kind="ghost"
      {...rest}
      className={classes("aspect-square px-0!", className)}
      aria-label={label}
      title={label}
    >
      {children}
    </Button>
  );
}
