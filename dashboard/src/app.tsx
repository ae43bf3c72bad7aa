import { enableHistorySync, NuqsAdapter } from "nuqs/adapters/react";
import { Toaster } from "sonner";
import { SWRConfig } from "swr";
import { AccountQuestion } from "./frame/account-question.tsx";
import { Frame } from "./frame/frame.tsx";
import { SignIn } from "./pages/sign-in.tsx";
import { Routes } from "./routes.tsx";
import { useSession } from "./session.ts";
import { swrOptions } from "./swr-options.ts";
import { useTheme } from "./theme.ts";
import { Fallible } from "./ui/part.tsx";

// A link changes the address, too: the state that is kept there follows it.
enableHistorySync();

export function App() {
  const { token } = useSession();
  return (
    <NuqsAdapter>
      <SWRConfig value={swrOptions}>
        <AccountQuestion />
        {token === null ? (
          <SignIn />
        ) : (
          <Fallible of={[]}>
            <Frame>
              <Routes />
            </Frame>
          </Fallible>
        )}
        <Toaster theme={useTheme()} position="bottom-right" closeButton />
      </SWRConfig>
    </NuqsAdapter>
  );
}
