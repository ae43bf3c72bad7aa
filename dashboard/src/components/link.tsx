import type { ComponentPropsWithRef, MouseEvent } from "react";
import { navigate } from "../navigation.ts";

/** A link within the dashboard. It works like any link (new tab, copy address) but does not reload the page. */
export function Link({ href = "/", onClick, ...rest }: ComponentPropsWithRef<"a">) {
  const follow = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event);
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    navigate(href);
  };
  return <a {...rest} href={href} onClick={follow} />;
}
