import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { FILTERS } from "./fleet-view.ts";

/** What is asked of the list of stores: it is in the address. */
export function useFleetQuery() {
  return useQueryStates(
    {
      q: parseAsString.withDefault(""),
      health: parseAsStringLiteral(FILTERS),
      sort: parseAsString.withDefault(""),
    },
    { history: "push" },
  );
}
