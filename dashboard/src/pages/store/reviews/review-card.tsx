import { Button, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { useState } from "react";
import type { Review } from "../../../../../src/client/index.ts";
import { Problem } from "../../../components/problem.tsx";
import { StateBadge } from "../../../components/state-badge.tsx";
import { Time } from "../../../components/time.tsx";
import { type Resolve, useResolveReview, useUndoReview } from "../../../data/reviews.ts";
import { words } from "../../../format.ts";
import { useMay } from "../../../session.ts";
import { useStore } from "../store-context.ts";
import { CandidateTable, type Choices, productsOf } from "./candidate-table.tsx";
import { ConflictTable } from "./conflict-table.tsx";

const TITLES: Record<Review["kind"], (subject: string) => string> = {
  duplicate_sku: (subject) => `Several products have the SKU ${subject}`,
  ambiguous_match: (subject) => `Which of ReUp's products is Dutchie's ${subject}?`,
  edit_conflict: (subject) => `${subject} was edited in Dutchie and in ReUp`,
  held_snapshot: (subject) => `Many ${subject === "inventory" ? "packages" : subject} are missing in Dutchie's list`,
};

const ACTIONS: Record<Review["kind"], { action: Resolve["action"]; label: string }[]> = {
  duplicate_sku: [
    { action: "merge", label: "Merge" },
    { action: "keep_both", label: "Keep both" },
  ],
  ambiguous_match: [
    { action: "merge", label: "Link the chosen product" },
    { action: "keep_both", label: "None of them" },
  ],
  edit_conflict: [
    { action: "keep_dutchie", label: "Keep Dutchie's" },
    { action: "keep_reup", label: "Keep ReUp's" },
  ],
  held_snapshot: [
    { action: "confirm", label: "Confirm: they are gone" },
    { action: "discard", label: "Discard the list: they are there" },
  ],
};

/** A merge, a link, or a person's decision that missing packages are there. */
const canBeUndone = ({ kind, state, action, resolved_by }: Review): boolean =>
  state === "resolved" &&
  (kind === "duplicate_sku" || kind === "ambiguous_match"
    ? action !== null
    : action === "discard" && resolved_by !== "snapshot");

export function ReviewCard({ review }: { review: Review }) {
  const { location } = useStore();
  const products = productsOf(review);
  const [into, setInto] = useState(review.into ?? review.preview?.product_id ?? products[0]?.product_id ?? "");
  const [choices, setChoices] = useState<Choices>({});
  const resolve = useResolveReview(location.location_id);
  const undo = useUndoReview(location.location_id);
  const may = useMay("manager");
  const isConflict = review.kind === "edit_conflict";
  const isMatch = review.kind === "ambiguous_match";
  // The subject of these two is a product's id, which says nothing to people.
  const named = isConflict || isMatch ? products[0]?.product_name : undefined;
  const title = TITLES[review.kind](named ?? review.subject);
  const isMerge = review.kind === "duplicate_sku" || isMatch;
  const merging = isMerge && review.state === "open";
  const decide = (action: Resolve["action"]) => {
    const fields = Object.fromEntries(Object.entries(choices).map(([field, from]) => [field, { from }]));
    resolve.mutate({
      review_id: review.review_id,
      action,
      ...(action === "merge" ? { into, ...(isMatch ? {} : { fields }) } : {}),
    } as Resolve & { review_id: string });
  };
  return (
    <Paper withBorder p="md" component="article" aria-label={title}>
      <Stack gap="sm">
        <Group justify="space-between">
          <Title order={2} size="h4">
            {title}
          </Title>
          <StateBadge state={review.state} />
        </Group>
        <Text>{review.reason}</Text>
        <Text size="sm" c="dimmed">
          Opened <Time at={review.opened_at} relative />.
          {review.action !== null && (
            <>
              {" "}
              Decided: {words(review.action).toLowerCase()}
              {review.resolved_by === "auto" ? ", by the store's rule" : ""}{" "}
              <Time at={review.resolved_at} relative none="" />.
            </>
          )}
        </Text>
        {isConflict && <ConflictTable conflicts={review.conflicts} />}
        {!isConflict && products.length > 0 && (
          <CandidateTable
            review={review}
            products={products}
            into={into}
            choices={choices}
            {...(merging && may ? { onInto: setInto } : {})}
            {...(merging && may && !isMatch ? { onChoices: setChoices } : {})}
          />
        )}
        {resolve.isError && <Problem what="The decision was not saved" error={resolve.error} />}
        {undo.isError && <Problem what="The decision was not undone" error={undo.error} />}
        {may && (
          <Group>
            {review.state === "open" &&
              ACTIONS[review.kind].map(({ action, label }, i) => (
                <Button
                  key={action}
                  variant={i === 0 ? "filled" : "default"}
                  loading={resolve.isPending}
                  onClick={() => decide(action)}
                >
                  {label}
                </Button>
              ))}
            {canBeUndone(review) && (
              <Button variant="default" loading={undo.isPending} onClick={() => undo.mutate(review.review_id)}>
                Undo
              </Button>
            )}
          </Group>
        )}
      </Stack>
    </Paper>
  );
}
