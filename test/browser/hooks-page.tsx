import { useState } from "react";
import { createRoot } from "react-dom/client";
import { DutchieProvider, useDecide, useInbox, useInventory, useSyncStatus } from "../../src/client/react/index.ts";

// The page of hooks.test.ts: two badges, a list of one store and the inbox, which can be taken away. The test puts the Worker's address in.

declare const WORKER: string;

function Badge({ name }: { name: string }) {
  const { status, error, live } = useSyncStatus("loc_1");
  return (
    <p data-testid={name}>
      {status?.health ?? "unknown"}, {live ? "live" : "asking"}, {error?.code ?? "no error"}
    </p>
  );
}

function Stock() {
  const { items, error } = useInventory("loc_1");
  return <p data-testid="stock">{items?.map(({ available_quantity }) => available_quantity).join() ?? error?.code}</p>;
}

function Inbox() {
  const { items } = useInbox();
  const decide = useDecide();
  const settle = () => decide({ item_ids: items?.map(({ item_id }) => item_id) ?? [], action: "acknowledge" });
  return (
    <button type="button" onClick={settle}>
      Settle {items?.length ?? "…"}
    </button>
  );
}

function Page() {
  const [shown, setShown] = useState(true);
  const token = () => fetch("/token").then((answer) => answer.text());
  return (
    <DutchieProvider url={WORKER} token={token}>
      <button type="button" onClick={() => setShown(!shown)}>
        Show or hide
      </button>
      {shown && (
        <>
          <Badge name="one" />
          <Badge name="two" />
          <Stock />
          <Inbox />
        </>
      )}
    </DutchieProvider>
  );
}

const root = document.getElementById("root");
if (root !== null) createRoot(root).render(<Page />);
