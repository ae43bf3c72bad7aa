import { ActionIcon, Anchor, Button, Group, Text, useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import type { ReactNode } from "react";
import { signOut, useSession } from "../session.ts";
import { Link } from "./link.tsx";
import { Time } from "./time.tsx";

/** The header around every page. */
export function Frame({ children }: { children: ReactNode }) {
  const { account } = useSession();
  return (
    <>
      <a className="skip" href="#main">
        Skip to the page
      </a>
      <header className="top">
        <Group justify="space-between" gap="xs">
          <Group gap="sm" component="nav" aria-label="ReUp – Dutchie">
            <Anchor component={Link} href="/" fw={700} size="sm" c="var(--mantine-color-text)">
              ReUp – Dutchie
            </Anchor>
            <Anchor component={Link} href="/" size="sm">
              Stores
            </Anchor>
            <Anchor component={Link} href="/alerts" size="sm">
              Alerts
            </Anchor>
            <Anchor component={Link} href="/dead-letters" size="sm">
              Dead letters
            </Anchor>
          </Group>
          <Group gap="xs">
            {account !== null && (
              <Text size="sm" aria-label="Signed in as">
                <strong>{account.name}</strong>, {account.role}
                {account.until !== null && (
                  <>
                    , until <Time at={new Date(account.until).toISOString()} />
                  </>
                )}
              </Text>
            )}
            <ColorScheme />
            <Button variant="default" size="xs" onClick={() => signOut()}>
              Sign out
            </Button>
          </Group>
        </Group>
      </header>
      <main id="main">{children}</main>
    </>
  );
}

function ColorScheme() {
  const { setColorScheme } = useMantineColorScheme();
  const dark = useComputedColorScheme("light") === "dark";
  const label = dark ? "Light mode" : "Dark mode";
  return (
    <ActionIcon
      variant="default"
      aria-label={label}
      title={label}
      onClick={() => setColorScheme(dark ? "light" : "dark")}
    >
      <span aria-hidden>{dark ? "☀" : "☾"}</span>
    </ActionIcon>
  );
}
