import { type FormEvent, useState } from "react";
import { signIn, useSession } from "../session.ts";
import { texts } from "../texts.ts";
import { Button } from "../ui/button.tsx";
import { SecretField } from "../ui/field.tsx";
import { Notice } from "../ui/notice.tsx";
import { PageTitle } from "../ui/page-title.tsx";

export function SignIn() {
  const { notice } = useSession();
  const [token, setToken] = useState("");
  const isShaped = /^\s*[\w-]+\.[\w-]+\.[\w-]+\s*$/.test(token);
  const [isTried, setTried] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (isShaped) signIn(token);
  };
  return (
    <main className="mx-auto max-w-md px-4 py-12">
      <PageTitle title={texts.signIn.title} about={texts.common.product} />
      <form onSubmit={submit} className="flex flex-col gap-4">
        {notice !== null && (
          <Notice tone="warn" title={texts.signIn.signedOut} isLive>
            {notice}
          </Notice>
        )}
        <SecretField
          label={texts.signIn.token}
          about={texts.signIn.tokenAbout}
          required
          value={token}
          onChange={({ currentTarget }) => setToken(currentTarget.value)}
          error={isTried && !isShaped && texts.signIn.notAToken}
        />
        <Button type="submit" kind="primary">
          {texts.signIn.title}
        </Button>
        <p className="text-sm text-dim">{texts.signIn.developers}</p>
      </form>
    </main>
  );
}
