import { SegmentedControl, Stack } from "@mantine/core";
import { useState } from "react";
import type { Review } from "../../../../../src/client/index.ts";
import { Loading } from "../../../components/loading.tsx";
import { Missing } from "../../../components/missing.tsx";
import { Notice } from "../../../components/notice.tsx";
import { PageTitle } from "../../../components/page-title.tsx";
import { Pager, usePages } from "../../../components/pager.tsx";
import { useReviews } from "../../../data/reviews.ts";
import { useStore } from "../store-context.ts";
import { ReviewCard } from "./review-card.tsx";

export default function ReviewsPage() {
  const { location } = useStore();
  const pages = usePages();
  const [state, setState] = useState<Review["state"]>("open");
  const reviews = useReviews(location.location_id, state, pages.cursor);
  return (
    <>
      <PageTitle title="Reviews" where="Inventory > Reviews">
        <SegmentedControl
          aria-label="Which reviews"
          data={[
            { value: "open", label: "Open" },
            { value: "resolved", label: "Resolved" },
          ]}
          value={state}
          onChange={(value) => {
            setState(value === "resolved" ? "resolved" : "open");
            pages.first();
          }}
        />
      </PageTitle>
      {reviews.isPending && <Loading what="the reviews" />}
      {reviews.isError && <Missing what="reviews" error={reviews.error} retry={reviews.refetch} />}
      {reviews.data?.data.length === 0 && (
        <Notice tone="good" title={state === "open" ? "There is nothing to decide" : "Nothing has been decided yet"}>
          {state === "open" &&
            "ReUp asks here what it cannot decide alone, such as different products with the same SKU or a field edited on both sides."}
        </Notice>
      )}
      {reviews.data !== undefined && reviews.data.data.length > 0 && (
        <Stack>
          {reviews.data.data.map((review) => (
            <ReviewCard key={`${review.review_id} ${review.state}`} review={review} />
          ))}
          <Pager pages={pages} next_cursor={reviews.data.next_cursor} busy={reviews.isPlaceholderData} />
        </Stack>
      )}
    </>
  );
}
