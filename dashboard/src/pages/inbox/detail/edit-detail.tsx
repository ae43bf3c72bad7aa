import { acts } from "../../../data/inbox-acts.ts";
import { forPeople } from "../../../format.ts";
import { paths } from "../../../navigation.ts";
import { nameOfField, shownValue } from "../../../product-fields.ts";
import { texts } from "../../../texts.ts";
import { Button } from "../../../ui/button.tsx";
import { Link } from "../../../ui/link.tsx";
import type { DetailProps } from "./detail-props.ts";
import { Table } from "./table.tsx";

const t = texts.inbox;

export function EditDetail({ item, settle, reason, isWaiting, mayAct }: DetailProps<"edit">) {
  const { push, location_id } = item;
  const again = () => void settle({ items: [item], send: () => acts.sendAgain(item, reason), said: t.sentAgain });
  return (
    <>
      <Table
        caption={t.changes}
        head={[t.field, t.dutchieHas, t.reupsEdit]}
        rows={push.fields.map(({ field, base, value }) => ({
          key: field,
          cells: [nameOfField(field), shownValue(field, base), shownValue(field, value)],
        }))}
      />
      {push.error !== null && (
        <p>
          {forPeople(push.error.message)}. {push.error.hint}
        </p>
      )}
      <div className="flex flex-wrap items-center gap-3">
        {mayAct && (
          <Button kind="primary" disabled={isWaiting} onClick={again}>
            {t.sendAgain}
          </Button>
        )}
        <Link href={paths.product(location_id, push.product_id)}>{push.product_name ?? t.thisProduct}</Link>
      </div>
    </>
  );
}
