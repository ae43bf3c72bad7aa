import { createElement, Fragment } from "react";
import { renderToString } from "react-dom/server";
import { expect, it } from "vitest";
import {
  DutchieProvider,
  useDecide,
  useFleet,
  useInbox,
  useInventory,
  useLedger,
  useProduct,
  useSyncStatus,
} from "../../../src/client/react/index.ts";

const asked: string[] = [];
const provider = {
  url: "https://reup.test",
  token: () => {
    asked.push("token");
    return "t.o.k";
  },
  fetch: async (input: string | URL | Request) => {
    asked.push(String(input));
    return new Response();
  },
};

/** Every hook in one component; JSON shows what they give. */
function Everything({ location_id }: { location_id: string | null }) {
  return createElement(
    Fragment,
    null,
    JSON.stringify([
      useSyncStatus(location_id),
      useFleet(),
      useInventory(location_id, { room_type: "vault" }),
      useProduct(location_id, "prd_1"),
      useLedger(location_id, "prd_1"),
      useInbox({ kind: "review" }),
      typeof useDecide(),
    ]).replaceAll('"', "'"),
  );
}

const rendered = (location_id: string | null) =>
  renderToString(createElement(DutchieProvider, provider, createElement(Everything, { location_id }))).replaceAll(
    "&#x27;",
    "'",
  );

it.each(["loc_1", null])("on a server, the hooks of store %s wait and ask for nothing", (location_id) => {
  expect("window" in globalThis).toBe(false);
  const isLoading = location_id !== null;
  expect(JSON.parse(rendered(location_id).replaceAll("'", '"'))).toEqual([
    { isLoading, live: false },
    { isLoading: true },
    { isLoading, next_cursor: null },
    { isLoading },
    { isLoading, next_cursor: null },
    { isLoading: true, unread_stores: [] },
    "function",
  ]);
  expect(asked).toEqual([]);
});

it("without a provider, a hook says what is missing", () => {
  expect(() => renderToString(createElement(Everything, { location_id: "loc_1" }))).toThrow("<DutchieProvider>");
});
