import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { useState } from "react";
import { useInbox } from "../../data/inbox.ts";
import { INBOX_KINDS } from "../../data/inbox-items.ts";
import { texts } from "../../texts.ts";
import { Button } from "../../ui/button.tsx";
import { Empty } from "../../ui/empty.tsx";
import { LeavingQuestion } from "../../ui/leaving-question.tsx";
import { Loading } from "../../ui/loading.tsx";
import { Notice } from "../../ui/notice.tsx";
import { PageTitle } from "../../ui/page-title.tsx";
import { Problem } from "../../ui/problem.tsx";
import { useNumberedPage } from "../../use-numbered-page.ts";
import { Decided } from "./decided.tsx";
import { isEmpty, NO_DRAFT } from "./draft.ts";
import { InboxFilters } from "./inbox-filters.tsx";
import { Waiting } from "./waiting.tsx";

const t = texts.inbox;

/** What waits for a person, of all stores. */
export default function Inbox() {
  const inbox = useInbox();
  const pages = useNumberedPage();
  const [{ show, kind, store }, ask] = useQueryStates(
    {
      show: parseAsStringLiteral(["open", "decided"] as const).withDefault("open"),
      kind: parseAsStringLiteral(INBOX_KINDS),
      store: parseAsString.withDefault(""),
      item: parseAsString,
    },
    { history: "push" },
  );
  const [draft, setDraft] = useState(NO_DRAFT);
  const { items, missing, unread } = inbox.data ?? { items: undefined, missing: [], unread: [] };
  const isWhole = missing.length === 0 && unread.length === 0;
  const asked = items?.filter((each) => (kind === null || each.kind === kind) && isOf(each.location_id, store));
  const isFiltered = kind !== null || store !== "";
  const nothing = isFiltered ? (
    <Empty
      title={t.emptyFilter}
      action={<Button onClick={() => void ask({ kind: null, store: null, item: null })}>{t.showAll}</Button>}
    />
  ) : (
    isWhole && inbox.left.stores === 0 && <Empty title={t.empty}>{t.emptyAbout}</Empty>
  );
  const namesOfMissing = missing.map((id) => inbox.stores?.find((each) => each.location_id === id)?.name ?? id);
  return (
    <>
      <PageTitle
        title={t.title}
        {...(items === undefined || (items.length + inbox.left.decisions === 0 && !isWhole)
          ? {}
          : { about: t.about(items.length + inbox.left.decisions, isWhole) })}
      />
      <InboxFilters
        stores={inbox.stores ?? []}
        shown={show}
        kind={kind}
        store={store}
        onChange={(change) => {
          void ask({ ...change, item: null });
          pages.first();
        }}
      />
      {show === "decided" && <Decided key={store} location_id={store} stores={inbox.stores} pages={pages} />}
      {show === "open" && (
        <div className="flex flex-col gap-3">
          {inbox.error !== undefined && <Problem what={t.notLoaded} error={inbox.error} retry={() => inbox.mutate()} />}
          {missing.length > 0 && (
            <Notice tone="warn" title={t.notAllLoaded(listed(namesOfMissing))}>
              {t.notAllLoadedAbout}
            </Notice>
          )}
          {unread.length > 0 && (
            <Notice tone="warn" title={t.notAllListed(unread.map((source) => t.sources[source]).join(", "))}>
              {t.notAllLoadedAbout}
            </Notice>
          )}
          {asked === undefined && inbox.error === undefined && <Loading what={t.theInbox} />}
          {inbox.left.stores > 0 && (
            <Notice
              tone="info"
              title={t.left(inbox.left.decisions, inbox.left.stores)}
              action={
                <Button size="sm" busy={inbox.isLoading} onClick={() => void inbox.left.more()}>
                  {t.readMore}
                </Button>
              }
            >
              {t.leftAbout}
            </Notice>
          )}
          {asked?.length === 0 && nothing}
          {asked !== undefined && asked.length > 0 && (
            <Waiting items={asked} stores={inbox.stores} nothing={nothing} draft={draft} onDraft={setDraft} />
          )}
        </div>
      )}
      <LeavingQuestion
        isUnsaved={!isEmpty(draft) && items?.some(({ item_id }) => item_id === draft.item_id) === true}
      />
    </>
  );
}

/** So many names are read; a database that is away has thousands of stores. */
const NAMED = 5;
const listed = (names: readonly string[]) =>
  names.length <= NAMED ? names.join(", ") : t.andMore(names.slice(0, NAMED).join(", "), names.length - NAMED);

const isOf = (location_id: string, store: string) => store === "" || store === location_id;
