"use client";

import type { ReactNode } from "react";
import { DutchieProvider } from "reup-dutchie/react";

/** ReUp's token, from ReUp's own server. It is asked for before each request. */
async function token(): Promise<string> {
  const response = await fetch("/api/token");
  if (!response.ok) throw new Error(`/api/token answered ${response.status}`);
  return response.text();
}

export function Providers({ children }: { children: ReactNode }) {
  return (
    <DutchieProvider url={process.env.NEXT_PUBLIC_DUTCHIE_URL ?? "http://localhost:8787"} token={token}>
      {children}
    </DutchieProvider>
  );
}
