import type { Change } from "../../../../../../src/client/index.ts";
import { plain } from "../../../../format.ts";
import { paths } from "../../../../navigation.ts";
import { texts } from "../../../../texts.ts";
import { Facts } from "../../../../ui/facts.tsx";
import { Fold } from "../../../../ui/fold.tsx";
import { Link } from "../../../../ui/link.tsx";
import { Name } from "../../../../ui/name.tsx";
import { useStore } from "../../store-context.ts";
import { toldOf } from "./change-words.ts";

const t = texts.activity.changes;

/** What changed, with a way to it. */
export function Subject({ change: { resource, record_id, subject } }: { change: Change }) {
  const { location_id } = useStore().location;
  if (resource === "sales") {
    const way = `${paths.inventory(location_id, "sales")}?sale=${encodeURIComponent(record_id)}`;
    return <Link href={way}>{t.sale}</Link>;
  }
  if (resource === "rooms") return <>{t.room}</>;
  if (subject === null) return <span className="text-dim">{t.gone}</span>;
  const { product_id, product_name, package_id, room_name } = subject;
  const about = [package_id === null ? null : t.package(package_id), room_name].filter((part) => part !== null);
  return (
    <>
      {product_id === null ? (
        t.gone
      ) : (
        <Name href={paths.product(location_id, product_id)}>{product_name ?? product_id}</Name>
      )}
      {about.length > 0 && (
        <p className="text-sm text-dim">
          <Name>{about.join(" · ")}</Name>
        </p>
      )}
    </>
  );
}

/** Before → after, and everything else that is recorded, folded. */
export function BeforeAfter({ change }: { change: Change }) {
  const { isNew, joined, fields } = toldOf(change);
  return (
    <>
      {isNew && <p className="font-medium">{t.isNew[change.resource]}</p>}
      {joined !== null && <p>{t[joined]}</p>}
      {fields.length === 0 && !isNew && joined === null && <p className="text-dim">{t.onlyTechnical}</p>}
      {(isNew ? fields.slice(0, 3) : fields).map(({ field, name, before, after }) => (
        <p key={field}>
          {name}: {isNew ? <b>{after}</b> : <Step before={before} after={after} />}
        </p>
      ))}
      <Fold summary={t.technical}>
        <Facts
          facts={[
            ...Object.entries(change.fields).map(
              ([field, { before, after }]) => [field, `${plain(before)} → ${plain(after)}`] as const,
            ),
            [t.record, change.record_id],
            [t.cause, change.cause],
            [t.reference, change.ref ?? "–"],
          ]}
        />
      </Fold>
    </>
  );
}

function Step({ before, after }: { before: string; after: string }) {
  return (
    <>
      {before} <span aria-hidden>→</span>
      <span className="sr-only">, now</span> <b>{after}</b>
    </>
  );
}

/** Why it changed, with a way to what made it. */
export function Why({ change: { cause, ref, decided } }: { change: Change }) {
  const { location_id } = useStore().location;
  const words = t.causes[cause] ?? cause;
  if (decided !== null) {
    const who = texts.common.decidedBy(decided);
    return <>{ref?.startsWith("rev_") ? t.decided(who) : t.edited(who)}</>;
  }
  if (ref === null) return <>{words}</>;
  const id = encodeURIComponent(ref);
  if (cause === "webhook")
    return <Link href={`${paths.activity(location_id, "webhooks")}?webhook=${id}`}>{words}</Link>;
  if (cause === "poll" || cause === "initial")
    return <Link href={`${paths.activity(location_id, "syncs")}?sync=${id}`}>{words}</Link>;
  return <>{words}</>;
}
