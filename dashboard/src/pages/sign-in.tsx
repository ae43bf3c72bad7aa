import { Button, Container, PasswordInput, Stack, Text } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { Notice } from "../components/notice.tsx";
import { PageTitle } from "../components/page-title.tsx";
import { signIn, useSession } from "../session.ts";

export function SignIn() {
  const { notice } = useSession();
  const [token, setToken] = useState("");
  const shaped = /^\s*[\w-]+\.[\w-]+\.[\w-]+\s*$/.test(token);
  const [tried, setTried] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (shaped) signIn(token);
  };
  return (
    <Container size="xs" py="xl" component="main">
      <PageTitle title="Sign in" where="ReUp – Dutchie" />
      <form onSubmit={submit}>
        <Stack>
          {notice !== null && (
            <Notice tone="warning" title="You are signed out" live>
              {notice}
            </Notice>
          )}
          <PasswordInput
            label="Access token"
            description="The token that ReUp gave you. It is kept until you close this tab."
            autoComplete="off"
            required
            value={token}
            onChange={(event) => setToken(event.currentTarget.value)}
            error={tried && !shaped ? "This is not a token. A token has three parts, separated by dots." : undefined}
            visibilityToggleButtonProps={{ "aria-label": "Show or hide the token" }}
          />
          <Button type="submit">Sign in</Button>
          <Text size="sm" c="dimmed">
            On a development machine, npm run token prints a token, and npm start opens the dashboard signed in.
          </Text>
        </Stack>
      </form>
    </Container>
  );
}
