import type { ComponentPropsWithRef } from "react";
import { Link as Route } from "wouter";
import { classes } from "./classes.ts";

export type LinkProps = Omit<ComponentPropsWithRef<"a">, "href"> & {
  href: string;
  /** Without the look of a link: for links that look like buttons or rows. */
  isPlain?: boolean;
};

/** A link within the dashboard. It works like any link (new tab, copy address) but does not reload the page. */
export function Link({ href, isPlain = false, className, ...rest }: LinkProps) {
  const look = classes(!isPlain && "text-brand underline underline-offset-2", className);
  return <Route href={href} className={look} {...rest} />;
}
