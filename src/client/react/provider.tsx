import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef } from "react";
import { type Client, type ClientOptions, createClient } from "../client.ts";

interface Dutchie {
  client: Client;
  url: string;
}

const Context = createContext<Dutchie | null>(null);

export interface DutchieProviderProps extends ClientOptions {
  children?: ReactNode;
}

/** Gives the hooks below it the address of the Worker and ReUp's token. A new token is used from the next request on. */
export function DutchieProvider({ url, token, fetch, children }: DutchieProviderProps) {
  // A function written in place is a new one at each render: that must not end the streams.
  const newest = useRef(token);
  useEffect(() => {
    newest.current = token;
  });
  const value = useMemo(() => {
    const current = () => (typeof newest.current === "function" ? newest.current() : newest.current);
    return { url, client: createClient({ url, token: current, ...(fetch && { fetch }) }) };
  }, [url, fetch]);
  return <Context.Provider value={value}>{children}</Context.Provider>;
}

export function useDutchie(): Dutchie {
  const dutchie = useContext(Context);
  if (dutchie === null) throw new Error("The hooks of reup-dutchie/react need a <DutchieProvider> above them.");
  return dutchie;
}

/** The client of the nearest `DutchieProvider`, for calls that have no hook. */
export const useDutchieClient = (): Client => useDutchie().client;
