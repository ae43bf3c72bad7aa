import { useState } from "react";
import { acts, useMessage } from "../../../data/inbox-acts.ts";
import { texts } from "../../../texts.ts";
import { Button } from "../../../ui/button.tsx";
import { ConfirmButton } from "../../../ui/confirm-button.tsx";
import { Loading } from "../../../ui/loading.tsx";
import { Problem } from "../../../ui/problem.tsx";
import { messageWordsOf } from "../item-words.ts";
import type { DetailProps } from "./detail-props.ts";

const t = texts.inbox;

export function MessageDetail({ item, settle, reason, isWaiting, mayAct }: DetailProps<"message">) {
  const { letter } = item;
  const [isRead, read] = useState(false);
  const again = () => void settle({ items: [item], send: () => acts.sendAgain(item, reason), said: t.sentAgain });
  const remove = () =>
    void settle({
      items: [item],
      send: () => acts.deleteMessage(letter.dead_letter_id, reason),
      said: () => t.deleted,
    });
  return (
    <>
      <p>{letter.reason}</p>
      {mayAct && (
        <div className="flex flex-wrap gap-2">
          <Button kind="primary" disabled={isWaiting} onClick={again}>
            {t.sendAgain}
          </Button>
          <ConfirmButton title={`${t.deleteMessage}?`} action={t.deleteMessage} disabled={isWaiting} onConfirm={remove}>
            {messageWordsOf(letter).deleteAbout}
          </ConfirmButton>
        </div>
      )}
      <details onToggle={({ currentTarget }) => read(currentTarget.open)}>
        <summary className="cursor-pointer text-sm text-dim">{t.messageContent}</summary>
        {isRead && <Content dead_letter_id={letter.dead_letter_id} />}
      </details>
    </>
  );
}

function Content({ dead_letter_id }: { dead_letter_id: string }) {
  const message = useMessage(dead_letter_id);
  if (message.error !== undefined)
    return <Problem what={t.notLoaded} error={message.error} retry={() => message.mutate()} />;
  if (message.data === undefined) return <Loading what={t.messageContent.toLowerCase()} />;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
    <section aria-label={t.messageContent} tabIndex={0} className="max-h-96 overflow-auto rounded bg-raised p-3">
      <pre className="text-sm">{JSON.stringify(message.data.body, null, 2)}</pre>
    </section>
  );
}
