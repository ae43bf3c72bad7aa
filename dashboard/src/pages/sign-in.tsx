import { type FormEvent, useState } from "react";
import { signIn, useSession } from "../session.ts";
import { Button } from "../ui/button.tsx";
import { SecretField } from "../ui/field.tsx";
import { Notice } from "../ui/notice.tsx";
import { PageTitle } from "../ui/page-title.tsx";

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
    <main className="mx-auto max-w-md px-4 py-10">
      <PageTitle title="Sign in" about="ReUp – Dutchie" />
      <form onSubmit={submit} className="flex flex-col gap-3">
        {notice !== null && (
          <Notice tone="warn" title="You are signed out" isLive>
            {notice}
          </Notice>
        )}
        <SecretField
          label="Access token"
          about="The token that ReUp gave you. It is kept until you close this tab."
          required
          value={token}
          onChange={({ currentTarget }) => setToken(currentTarget.value)}
          error={tried && !shaped && "This is not a token. A token has three parts, separated by dots."}
        />
        <Button kind="primary" type="submit">
          Sign in
        </Button>
        <p className="text-sm text-dim">
          On a development machine, npm run token prints a token, and npm start opens the dashboard signed in.
        </p>
      </form>
    </main>
  );
}
