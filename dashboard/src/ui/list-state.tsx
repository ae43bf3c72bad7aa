import type { ReactNode } from "react";
import { Loading } from "./loading.tsx";
import { Problem } from "./problem.tsx";

export interface ListStateProps<T> {
  list: { data: T | undefined; error: unknown; mutate: () => unknown };
  /** "the webhooks" */
  what: string;
  notLoaded: string;
  children: (data: T) => ReactNode;
}

/** A list that is loading, could not be loaded, or is there. What was loaded stays when a later try fails. */
export function ListState<T>({ list: { data, error, mutate }, what, notLoaded, children }: ListStateProps<T>) {
  return (
    <div className="flex flex-col gap-3">
      {error !== undefined && <Problem what={notLoaded} error={error} retry={() => mutate()} />}
      {data === undefined && error === undefined && <Loading what={what} />}
      {data !== undefined && children(data)}
    </div>
  );
}
