import { paths } from "../../../navigation.ts";
import { texts } from "../../../texts.ts";
import { Nav } from "../../../ui/nav.tsx";
import { PageTitle } from "../../../ui/page-title.tsx";
import { NotFound } from "../../not-found.tsx";
import { useStore } from "../store-context.ts";
import { Changes } from "./changes/changes.tsx";
import { Edits } from "./edits/edits.tsx";
import { Syncs } from "./syncs/syncs.tsx";
import { Webhooks } from "./webhooks/webhooks.tsx";

const LISTS = { changes: Changes, syncs: Syncs, webhooks: Webhooks, edits: Edits } as const;
const KEYS = ["changes", "syncs", "webhooks", "edits"] as const;

/** What happened in a store. */
export default function Activity({ list }: { list: string }) {
  const { location_id } = useStore().location;
  const key = KEYS.find((known) => known === list);
  if (key === undefined) return <NotFound />;
  const List = LISTS[key];
  const { title, lists } = texts.activity;
  return (
    <>
      <PageTitle title={`${title}: ${lists[key]}`} />
      <Nav
        label={title}
        items={KEYS.map((each) => ({
          href: paths.activity(location_id, each),
          label: lists[each],
          isCurrent: each === key,
        }))}
      />
      <List />
    </>
  );
}
