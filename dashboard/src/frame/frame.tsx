import { Moon, Search, Sun } from "lucide-react";
import { lazy, type ReactNode, useEffect, useState } from "react";
import { useLocation } from "wouter";
import { dateTime } from "../format.ts";
import { paths } from "../navigation.ts";
import { signOut, useSession } from "../session.ts";
import { texts } from "../texts.ts";
import { chooseTheme, useTheme } from "../theme.ts";
import { Button, IconButton } from "../ui/button.tsx";
import { classes } from "../ui/classes.ts";
import { Link } from "../ui/link.tsx";
import { Part } from "../ui/part.tsx";
import { InboxCount } from "./inbox-count.tsx";
import { StoreSwitcher } from "./store-switcher.tsx";

const Palette = lazy(() => import("./palette.tsx"));

/** The head above every page. */
export function Frame({ children }: { children: ReactNode }) {
  const [path] = useLocation();
  const [isSearching, search] = useState(false);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "k" || !(event.metaKey || event.ctrlKey)) return;
      event.preventDefault();
      search(true);
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
  // A page opens at its top; back is the browser's own.
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever the path changes.
  useEffect(() => {
    // Some browsers answer a promise, which is no clean-up.
    void scrollTo(0, 0);
  }, [path]);
  return (
    <>
      <a className="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:bg-surface focus:p-3" href="#main">
        {texts.common.skip}
      </a>
      <header className="border-b border-line bg-surface">
        <div className="mx-auto flex max-w-7xl flex-wrap items-center justify-between gap-x-3 gap-y-1 px-4 py-2">
          <nav aria-label={texts.frame.places} className="flex items-center gap-1">
            <Link isPlain href={paths.stores} className="pr-2 font-bold max-sm:hidden">
              {texts.common.product}
            </Link>
            <Place href={paths.stores} isCurrent={path === "/" || path.startsWith("/stores")}>
              {texts.frame.stores}
            </Place>
            <Place href={paths.inbox} isCurrent={path === paths.inbox}>
              {texts.frame.inbox} <InboxCount />
            </Place>
            <Place href={paths.notifications} isCurrent={path === paths.notifications}>
              {texts.frame.notifications}
            </Place>
          </nav>
          <div className="flex flex-wrap items-center gap-1">
            <StoreSwitcher />
            <IconButton label={`${texts.frame.search} (Ctrl K)`} onClick={() => search(true)}>
              <Search aria-hidden size={18} />
            </IconButton>
            <ThemeButton />
            <Account />
          </div>
        </div>
      </header>
      <main id="main" tabIndex={-1} className="mx-auto max-w-7xl px-4 py-5">
        {children}
      </main>
      {isSearching && (
        <Part of={[path]} what={null}>
          <Palette onClose={() => search(false)} />
        </Part>
      )}
    </>
  );
}

function Place({ href, isCurrent, children }: { href: string; isCurrent: boolean; children: ReactNode }) {
  return (
    <Link
      isPlain
      href={href}
      {...(isCurrent ? { "aria-current": "page" as const } : {})}
      className={classes(
        "inline-flex min-h-10 items-center gap-1.5 rounded-md px-2.5",
        isCurrent ? "bg-raised font-semibold" : "text-dim hover:text-ink",
      )}
    >
      {children}
    </Link>
  );
}

function ThemeButton() {
  const isDark = useTheme() === "dark";
  return (
    <IconButton
      label={isDark ? texts.frame.light : texts.frame.dark}
      onClick={() => chooseTheme(isDark ? "light" : "dark")}
    >
      {isDark ? <Sun aria-hidden size={18} /> : <Moon aria-hidden size={18} />}
    </IconButton>
  );
}

/** Whose account this is stays in sight: a link can bring another one. */
function Account() {
  const { account } = useSession();
  if (account === null) return null;
  const { name, role, until } = account;
  const end = until === null ? "" : `, ${texts.frame.until} ${dateTime(new Date(until).toISOString(), undefined)}`;
  return (
    <>
      <section aria-label={texts.frame.signedInAs} className="max-w-56 text-xs leading-tight text-dim">
        <strong>{name}</strong>, {role}
        <span className="max-sm:hidden">{end}</span>
      </section>
      <Button kind="ghost" size="sm" onClick={() => signOut()}>
        {texts.frame.signOut}
      </Button>
    </>
  );
}
