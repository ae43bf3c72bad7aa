import type { DeadLetter, Review } from "../../../../src/client/index.ts";
import { cut } from "../../../../src/client/rules.ts";
import type { InboxItem } from "../../data/inbox-items.ts";
import { texts } from "../../texts.ts";

const t = texts.inbox;

export type CandidateProduct = Extract<Review["candidates"][number], { product_id: string }>;
export type MissingThing = Exclude<Review["candidates"][number], { product_id: string }>;

export const productsOf = ({ candidates }: Review): CandidateProduct[] =>
  candidates.filter((each): each is CandidateProduct => "product_id" in each);

export const missingOf = ({ candidates }: Review): MissingThing[] =>
  candidates.filter((each): each is MissingThing => !("product_id" in each));

export const thingsOf = ({ subject }: Review): string => (subject === "inventory" ? t.packages : t.products);

/** What happened, and what it means for the shelf. */
export function wordsOf(item: InboxItem): { title: string; consequence: string } {
  switch (item.kind) {
    case "alert": {
      const [title, consequence] = t.alerts[item.alert.rule] ?? t.otherAlert;
      return { title, consequence };
    }
    case "decision":
      return wordsOfReview(item.review);
    case "message":
      return wordsOfMessage(item.letter);
    case "edit":
      return { title: t.edit(named(item.push.product_name)), consequence: t.editMeans };
  }
}

export const titleOfRule = (rule: string): string => (t.alerts[rule] ?? t.otherAlert)[0];

/** Changes for a receiver are no message of Dutchie's, and no sync reads them again. */
export function messageWordsOf({ queue }: DeadLetter) {
  return queue === "webhooks" || queue === "notices" ? t.messages[queue] : t.messages.sync;
}

function wordsOfMessage(letter: DeadLetter): { title: string; consequence: string } {
  const { title, means, healed } = messageWordsOf(letter);
  return { title, consequence: letter.healed_at === null ? means : healed };
}

function wordsOfReview(review: Review): { title: string; consequence: string } {
  const name = named(productsOf(review)[0]?.product_name ?? null);
  const d = t.decisions;
  switch (review.kind) {
    case "duplicate_sku":
      return { title: d.duplicate(named(review.subject)), consequence: d.duplicateMeans };
    case "ambiguous_match":
      return { title: d.match(name), consequence: d.matchMeans };
    case "edit_conflict":
      return { title: d.conflict(name), consequence: d.conflictMeans };
    case "held_snapshot":
      return { title: d.held(thingsOf(review)), consequence: d.heldMeans(thingsOf(review)) };
  }
}

/** Characters of a name within a title: the title says what happened, and the details have all of the name. */
const NAMED = 120;
const TURNS = /[\p{Bidi_Control}\p{Script=Hebrew}\p{Script=Arabic}]/u;

/** A name as others wrote it, of any length and direction, within a title: what follows stays in sight, and is not turned round. */
function named(name: string | null): string {
  if (name === null) return t.thisProduct;
  const short = cut(name, NAMED);
  return TURNS.test(short) ? `\u2068${short}\u2069` : short;
}
