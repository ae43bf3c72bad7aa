import type { ReactNode } from "react";
import type { Run } from "../../../../src/client/index.ts";
import { count, counted, duration, forPeople } from "../../format.ts";
import { texts } from "../../texts.ts";
import { Section } from "../../ui/card.tsx";
import { Facts } from "../../ui/facts.tsx";
import { Progress } from "../../ui/progress.tsx";
import { StateBadge } from "../../ui/state-badge.tsx";
import { useNow } from "../../ui/use-now.ts";

const t = texts.activity.syncs;

/** The progress of the sync under way. */
export function RunProgress({ run, action }: { run: Run; action?: ReactNode }) {
  const now = useNow(1_000);
  const seconds = Math.max(1, (now - Date.parse(run.started_at)) / 1_000);
  const name = texts.activity.modes[run.mode];
  return (
    <Section title={name} about={t.under} actions={action}>
      <Progress label={t.percentOf(name, run.percent)} percent={run.percent} />
      <dl className="my-3 grid grid-cols-2 gap-3 sm:grid-cols-4">
        <Figure name={t.done}>{run.percent}%</Figure>
        <Figure name={t.read}>{count(run.records_processed)}</Figure>
        <Figure name={t.perSecond}>{count(Math.round(run.records_processed / seconds))}</Figure>
        <Figure name={t.left}>
          {run.eta_seconds === null ? t.unknownYet : t.about(duration(run.eta_seconds * 1_000))}
        </Figure>
      </dl>
      {run.waiting_until !== null && <Waiting run={run} until={run.waiting_until} now={now} />}
      <Facts
        facts={run.phases.map((phase) => [
          texts.activity.data[phase.resource] ?? phase.resource,
          <Phase key={phase.resource} phase={phase} />,
        ])}
      />
    </Section>
  );
}

function Figure({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt className="text-sm text-dim">{name}</dt>
      <dd className="font-semibold tabular-nums">{children}</dd>
    </div>
  );
}

function Waiting({ run: { error }, until, now }: { run: Run; until: string; now: number }) {
  const left = Math.max(0, Date.parse(until) - now);
  const reason = error === null || error.code === "RATE_LIMITED" ? t.waitsFor : t.waitsAgain(forPeople(error.message));
  return (
    <p className="mb-2" role="status">
      {/* Read out once, not each second. */}
      {reason}. <span aria-live="off">{t.goesOn(duration(left))}.</span>
    </p>
  );
}

function Phase({ phase }: { phase: Run["phases"][number] }) {
  return (
    <span className="inline-flex flex-wrap items-center gap-x-2">
      <StateBadge state={phase.state} />
      {phase.processed > 0 && count(phase.processed)}
      {phase.failed > 0 && ` · ${t.failed}: ${count(phase.failed)}`}
      {phase.error != null && (
        <span className="text-bad">
          {forPeople(phase.error.message)}. {phase.error.hint}
        </span>
      )}
    </span>
  );
}

/** "1,204 packages": how a store manager counts what a list of Dutchie's holds. */
export const countedThings = (n: number, resource: string): string =>
  counted(n, { inventory: "package", products: "product", sales: "sale", rooms: "room" }[resource] ?? "entry");
