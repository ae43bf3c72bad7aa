import { paths } from "../../../navigation.ts";
import { texts } from "../../../texts.ts";
import { Lists } from "../lists.tsx";
import { useStore } from "../store-context.ts";
import { Changes } from "./changes/changes.tsx";
import { Edits } from "./edits/edits.tsx";
import { Syncs } from "./syncs/syncs.tsx";
import { Webhooks } from "./webhooks/webhooks.tsx";

const { title, lists } = texts.activity;
const LISTS = [
  { key: "changes", label: lists.changes, List: Changes },
  { key: "syncs", label: lists.syncs, List: Syncs },
  { key: "webhooks", label: lists.webhooks, List: Webhooks },
  { key: "edits", label: lists.edits, List: Edits },
] as const;

/** What happened in a store. */
export default function Activity({ list }: { list: string }) {
  const { location_id } = useStore().location;
  return <Lists title={title} lists={LISTS} hrefOf={(key) => paths.activity(location_id, key)} shown={list} />;
}
