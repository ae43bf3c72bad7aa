import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { AccountQuestion } from "./components/account-question.tsx";
import { Frame } from "./components/frame.tsx";
import { SignIn } from "./pages/sign-in.tsx";
import { queryClient } from "./query-client.ts";
import { Routes } from "./routes.tsx";
import { useSession } from "./session.ts";
import { cssVariables, theme } from "./theme.ts";

export function App() {
  const { token } = useSession();
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
      <QueryClientProvider client={queryClient}>
        <AccountQuestion />
        {token === null ? (
          <SignIn />
        ) : (
          <Frame>
            <Routes />
          </Frame>
        )}
      </QueryClientProvider>
    </MantineProvider>
  );
}
