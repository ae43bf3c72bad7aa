import type { ComponentPropsWithRef, MouseEvent } from "react";
import { navigate } from "../navigation.ts";

/** A link within the dashboard: an ordinary one to the browser (new tab, copy address), without loading the page anew. */
export function Link({ href = "/", onClick, ...rest }: ComponentPropsWithRef<"a">) {
  const follow = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event);
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    navigate(href);
  };
  return <a {...rest} href={href} onClick={follow} />;
}
