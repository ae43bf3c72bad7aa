import { Button, Drawer, Group, Stack, Text } from "@mantine/core";
import { useState } from "react";
import type { DeadLetter } from "../../../src/client/index.ts";
import { CellButton } from "../components/cell-button.tsx";
import { ConfirmButton } from "../components/confirm-button.tsx";
import { type Column, DataTable } from "../components/data-table.tsx";
import { Loading } from "../components/loading.tsx";
import { Missing } from "../components/missing.tsx";
import { Notice } from "../components/notice.tsx";
import { PageTitle } from "../components/page-title.tsx";
import { Pager, usePages } from "../components/pager.tsx";
import { Payload } from "../components/payload.tsx";
import { Problem } from "../components/problem.tsx";
import { Time } from "../components/time.tsx";
import {
  useDeadLetter,
  useDeadLetters,
  useDropDeadLetter,
  useReplayAllDeadLetters,
  useReplayDeadLetter,
} from "../data/dead-letters.ts";
import { useLocations } from "../data/locations.ts";
import { counted, words } from "../format.ts";
import { useMay } from "../session.ts";

const WHERE = "Integrations > Dutchie > Dead letters";

export default function DeadLetters() {
  if (!useMay("manager")) {
    return (
      <>
        <PageTitle title="Dead letters" where={WHERE} />
        <Notice tone="info" title="Only managers and admins can see dead letters">
          Sign in with a token of the role manager or admin.
        </Notice>
      </>
    );
  }
  return <List />;
}

function List() {
  const pages = usePages();
  const letters = useDeadLetters(pages.cursor);
  const replay = useReplayDeadLetter();
  const replayAll = useReplayAllDeadLetters();
  const stores = useLocations();
  const [shown, setShown] = useState<DeadLetter | null>(null);
  const nameOf = (id: string) => stores.data?.find(({ location_id }) => location_id === id)?.name ?? id;
  const columns: Column<DeadLetter>[] = [
    {
      label: "Since",
      cell: (letter) => (
        <CellButton onClick={() => setShown(letter)}>
          <Time at={letter.at} />
        </CellButton>
      ),
    },
    { label: "Store", cell: ({ location_id }) => nameOf(location_id) },
    { label: "Kind", cell: ({ kind }) => words(kind) },
    {
      label: "Reason",
      cell: ({ reason, healed_at }) =>
        healed_at === null ? reason : "Nothing to do: a later sync has read the same data.",
    },
    {
      label: "Action",
      cell: ({ dead_letter_id }) => (
        <Button
          size="compact-sm"
          variant="default"
          loading={replay.isPending}
          onClick={() => replay.mutate(dead_letter_id)}
        >
          Replay
        </Button>
      ),
    },
  ];
  return (
    <>
      <PageTitle title="Dead letters" where={WHERE}>
        <Button
          variant="default"
          disabled={letters.data === undefined || letters.data.data.length === 0}
          loading={replayAll.isPending}
          onClick={() => replayAll.mutate(undefined)}
        >
          Replay all
        </Button>
      </PageTitle>
      <Stack>
        <Text size="sm" c="dimmed">
          These messages failed for more than a day. Nothing is lost: the next successful sync reads the same data from
          Dutchie. If a message does not say “Nothing to do” after that, remove the cause and replay it.
        </Text>
        {replay.isSuccess && <Notice tone="good" title="The message was sent again" live />}
        {replayAll.data !== undefined && (
          <Notice tone="good" title={`Sent again: ${counted(replayAll.data.replayed, "message")}`} live>
            {replayAll.data.remaining && "There are more: select Replay all again."}
          </Notice>
        )}
        {replayAll.isError && <Problem what="The messages could not be replayed" error={replayAll.error} />}
        {replay.isError && <Problem what="The message could not be replayed" error={replay.error} />}
        {letters.isPending && <Loading what="the dead letters" />}
        {letters.isError && <Missing what="dead letters" error={letters.error} retry={letters.refetch} />}
        {letters.data?.data.length === 0 && <Notice tone="good" title="There are no dead letters" />}
        {letters.data !== undefined && letters.data.data.length > 0 && (
          <>
            <DataTable
              caption="Dead letters"
              columns={columns}
              rows={letters.data.data}
              keyOf={({ dead_letter_id }) => dead_letter_id}
            />
            <Pager pages={pages} next_cursor={letters.data.next_cursor} busy={letters.isPlaceholderData} />
          </>
        )}
      </Stack>
      <Drawer
        opened={shown !== null}
        onClose={() => setShown(null)}
        position="right"
        size="xl"
        title="Dead letter"
        closeButtonProps={{ "aria-label": "Close" }}
      >
        {shown !== null && <Details letter={shown} onDone={() => setShown(null)} />}
      </Drawer>
    </>
  );
}

function Details({ letter, onDone }: { letter: DeadLetter; onDone: () => void }) {
  const drop = useDropDeadLetter();
  const whole = useDeadLetter(letter.dead_letter_id);
  return (
    <Stack>
      <Text>{letter.reason}</Text>
      {whole.isPending && <Loading what="the message" />}
      {whole.isError && <Problem what="The message could not be loaded" error={whole.error} retry={whole.refetch} />}
      {whole.data !== undefined && <Payload label="Message" value={whole.data.body} />}
      {drop.isError && <Problem what="The message could not be deleted" error={drop.error} />}
      <Group>
        <ConfirmButton
          label="Delete"
          question="Delete this message?"
          loading={drop.isPending}
          onConfirm={() => drop.mutate(letter.dead_letter_id, { onSuccess: onDone })}
        >
          The message is not applied. The next full sync reads the same data from Dutchie.
        </ConfirmButton>
      </Group>
    </Stack>
  );
}
