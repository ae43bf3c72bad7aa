import type { SnapshotResource } from "./absence.ts";

/** The texts about absences, for people: packages, money, and what to do. */

export interface HeldFacts {
  resource: SnapshotResource;
  /** Packages or products that the list leaves out. */
  absent: number;
  /** All packages or products that ReUp has. */
  live: number;
  /** Quantity × price of what the list leaves out. */
  value: number;
  isEmpty: boolean;
  /** Left out too, but a person said that they exist. */
  kept: number;
  /** Left out by other lists within the last hour, and already ended. */
  recent: number;
}

export function heldText({ resource, absent, live, value, isEmpty, kept, recent }: HeldFacts): string {
  const [list, things] = NAMES[resource];
  const wait = isEmpty
    ? "The list has nothing that ReUp has, and such a list proves nothing. They stay as they are until a list with other entries leaves them out too, or you decide."
    : `They stay as they are until a second list, at least ${SECOND_LIST[resource]} later, leaves them out too, or you decide.`;
  const others =
    kept === 0 ? "" : ` ${kept} more are left out too and are kept, because a person said that they are there.`;
  const before =
    recent === 0
      ? ""
      : ` The lists of the last hour left out ${recent} others, which ${ENDED[resource]}: check these, too.`;
  return (
    `${list} leaves out ${absent} of the ${live} ${things} that ReUp has${worth(value)}. ${wait} ` +
    `Check in Dutchie. If they are gone, ${END[resource]}. If they are there, keep them.${before}${others}`
  );
}

/** A person said that these exist. */
export function keptText(resource: SnapshotResource, kept: number, by: string): string {
  const [list, things] = NAMES[resource];
  return (
    `${by} said that these ${kept} ${things} are there. ReUp keeps them, though ${list} leaves them out, until ` +
    `Dutchie lists them again. If they are gone after all, undo the decision.`
  );
}

/** A person or a second list (`by`) decided that what a held list left out is gone. */
export function endedByText(resource: SnapshotResource, by: string): string {
  const [list, things] = NAMES[resource];
  const became = ENDED[resource];
  if (by === SNAPSHOT) return `The ${things} that ${list} left out a second time ${became}.`;
  return `${by} said that they are gone. The ${things} that Dutchie has not listed since ${became}.`;
}

/** A later list leaves out too little to ask about. */
export const listedAgainText = (resource: SnapshotResource): string =>
  `${NAMES[resource][0]} leaves out only a few of them now, or none. Nobody has to decide.`;

/** The question lost its list, in a crash or when the store was rebuilt. */
export const NOT_HELD = "ReUp no longer holds that list. The next sync asks again if much is still missing.";

/** Many packages or products that were ended by one decision. They are listed until somebody acknowledges the alert. */
export interface Ending {
  /** The decision's key: repeated after a crash, it is the same ending. */
  key: string;
  at: number;
  units: number;
  value: number;
  /** A person, or `snapshot`; null: the sum of several decisions. */
  by: string | null;
}

export function endedText(resource: SnapshotResource, endings: readonly Ending[]): string {
  const [list, things] = NAMES[resource];
  const became = ENDED[resource];
  const parts = endings.map(({ at, units, value, by }) => {
    return `${units} ${things}${worth(value)} ${became}: ${whyEnded(list, by)} (${minuteOf(at)} UTC).`;
  });
  return `${parts.join(" ")} ${CHECK_AND_MARK}`;
}

/** What to do when Dutchie changed many records at once. */
export const CHECK_AND_MARK =
  "Check that this is right; if it is not, correct it in Dutchie and start a full sync. Mark this alert as seen to end it.";

/** As the buttons of the inbox say it. */
const END = { inventory: "set them to zero", products: "mark them as gone" } as const;
const ENDED = { inventory: "are at zero now", products: "are marked as deleted now" } as const;

function whyEnded(list: string, by: string | null): string {
  if (by === null) return "in several steps, the last of them";
  return by === SNAPSHOT ? `${list} left them out a second time` : `${by} confirmed that they are gone`;
}

/** Endings listed one by one. Older ones become one sum, so the text stays bounded and nothing is lost. */
const ENDINGS_LISTED = 5;

export function addEnding(endings: readonly Ending[], ending: Ending): Ending[] {
  if (endings.some(({ key }) => key === ending.key)) return [...endings];
  const all = [...endings, ending];
  const [first, second, ...rest] = all;
  if (all.length <= ENDINGS_LISTED || first === undefined || second === undefined) return all;
  return [{ ...second, by: null, units: first.units + second.units, value: first.value + second.value }, ...rest];
}

/** `by` of an ending that a second list of Dutchie's confirmed. */
export const SNAPSHOT = "snapshot";

export function unidentifiedText(resource: SnapshotResource, rows: number, waiting: number): string {
  const [list, things] = NAMES[resource];
  const one = rows === 1;
  const thing = things.slice(0, -1);
  const wait =
    waiting === 0
      ? ""
      : waiting === 1
        ? ` 1 ${thing} that the list leaves out stays as it is, because it may be among these rows.`
        : ` ${waiting} ${things} that the list leaves out stay as they are, because they may be among these rows.`;
  return (
    `${rows} ${one ? "row" : "rows"} of ${list} ${one ? "has" : "have"} no id. ReUp cannot know which ` +
    `${one ? `${thing} it is` : `${things} they are`}, and does not update ${one ? "it" : "them"}.${wait} “What could not be read” in the last sync names ${one ? "it" : "them"}: ask Dutchie why the id is missing.`
  );
}

const NAMES: Record<SnapshotResource, [list: string, things: string]> = {
  inventory: ["Dutchie's list of packages", "packages"],
  products: ["Dutchie's catalogue", "products"],
};
/** S of each resource, as text. */
const SECOND_LIST: Record<SnapshotResource, string> = { inventory: "5 minutes", products: "an hour" };

const worth = (value: number): string => (value > 0 ? ` (worth $${MONEY.format(value)})` : "");

/** 1234.5 → 1,234.50 */
const MONEY = new Intl.NumberFormat("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });

export const minuteOf = (at: number): string => new Date(at).toISOString().slice(0, 16).replace("T", " ");
