import { MAX_QUOTE } from "../bounds.ts";
import type { ProductRow } from "../records/records.ts";
import { inReUpsWords } from "../records/reup-words.ts";
import { type Categories, categoryOf, type MappedProduct, strainTypeOf } from "../vocabulary/category.ts";
import { isCategory, isSubcategoryOf, STRAIN_TYPES, SUBCATEGORY_NAMES } from "../vocabulary/reup.ts";
import { wordKey } from "../vocabulary/words.ts";
import type { ProductEdit, Refusal } from "./edit.ts";

/** A word that the store's Dutchie uses, and for how many products. */
export interface UsedWord {
  word: string;
  products: number;
}

/** A person's edit, with ReUp's words or Dutchie's. */
export interface WordedEdit extends ProductEdit {
  dutchie_category?: string | null;
  strain_type?: string | null;
}

export interface WordRefusal extends Refusal {
  choices: UsedWord[];
}

/** Words that a refusal offers. A store uses dozens. */
const MAX_CHOICES = 50;
/** Of these, words that its sentence names. */
const MAX_NAMED = 8;

/** Whether an edit names a category or a strain type. */
export const isWorded = (edit: WordedEdit): boolean =>
  [edit.category, edit.subcategory, edit.dutchie_category, edit.strain_type].some((each) => each !== undefined);

/**
 * The edit in Dutchie's words: a category or a strain type goes out only as a word that the store's Dutchie uses, for a new
 * one would be a typing error in its lists. Where several words mean what was asked for, a person chooses.
 */
export function inDutchiesWords(
  row: ProductRow,
  edit: WordedEdit,
  used: { categories: readonly UsedWord[]; strain_types: readonly UsedWord[] },
  own: Categories,
): { ok: true; edit: ProductEdit } | { ok: false; refusals: WordRefusal[] } {
  const { category: _, subcategory: __, dutchie_category: ___, strain_type: ____, ...rest } = edit;
  const now = inReUpsWords(row, own);
  const answers = [categoryFor(edit, now, used.categories, own), strainFor(edit, now, used.strain_types)];
  const refusals = answers.flatMap((answer) => (answer !== null && "refusal" in answer ? [answer.refusal] : []));
  if (refusals.length > 0) return { ok: false, refusals };
  const words = answers.map((answer) => (answer !== null && "edit" in answer ? answer.edit : {}));
  return { ok: true, edit: Object.assign(rest, ...words) };
}

const isStrain = (value: unknown): boolean => STRAIN_TYPES.some((each) => each === value);

/** Dutchie's category for what is asked; null: nothing, or what the product already is. */
function categoryFor(edit: WordedEdit, now: MappedProduct, used: readonly UsedWord[], own: Categories): Answer | null {
  if (edit.dutchie_category !== undefined) return wordFor("category", edit.dutchie_category, used);
  if (edit.category !== undefined && !isCategory(edit.category)) return wordFor("category", edit.category, used);
  const category = edit.category ?? now.category;
  if (!isCategory(category)) return null;
  // A subcategory that Dutchie's category tells, such as gummies; strain types have a field of their own.
  const kind =
    isSubcategoryOf(category, edit.subcategory) && !isStrain(edit.subcategory) ? edit.subcategory : undefined;
  if (category === now.category && (kind === undefined || kind === now.subcategory)) return null;
  return wordThat("category", used, (word) => {
    const meant = categoryOf({ category: word }, own);
    return meant.category === category && (kind === undefined || meant.subcategory === kind);
  });
}

function strainFor(
  { strain_type, subcategory }: WordedEdit,
  now: MappedProduct,
  used: readonly UsedWord[],
): Answer | null {
  if (strain_type !== undefined) return wordFor("subcategory", strain_type, used);
  if (isStrain(subcategory)) {
    if (subcategory === now.subcategory) return null;
    return wordThat("subcategory", used, (word) => strainTypeOf(word) === subcategory);
  }
  const isKind = SUBCATEGORY_NAMES.some((each) => each === subcategory);
  return isKind ? null : wordFor("subcategory", subcategory, used);
}

type Field = "category" | "subcategory";
type Answer = { edit: ProductEdit } | { refusal: WordRefusal };

/** The word as the store's Dutchie writes it; null: nothing is asked. */
function wordFor(field: Field, asked: string | null | undefined, used: readonly UsedWord[]): Answer | null {
  if (asked === undefined) return null;
  if (asked === null || used.some(({ word }) => word === asked)) return { edit: { [field]: asked } };
  return only(
    field,
    used.filter(({ word }) => wordKey(word) === wordKey(asked)),
    used,
  );
}

const wordThat = (field: Field, used: readonly UsedWord[], isMeant: (word: string) => boolean): Answer =>
  only(
    field,
    used.filter(({ word }) => isMeant(word)),
    used,
  );

function only(field: Field, meant: readonly UsedWord[], used: readonly UsedWord[]): Answer {
  const [word, ...others] = meant;
  if (word !== undefined && others.length === 0) return { edit: { [field]: word.word } };
  const name = field === "category" ? "dutchie_category" : "strain_type";
  const choices = (word === undefined ? used : meant).slice(0, MAX_CHOICES);
  const named = choices.slice(0, MAX_NAMED).map((each) => `“${each.word.slice(0, MAX_QUOTE)}”`);
  const reason = `The store's Dutchie has ${word === undefined ? "no word" : "several words"} for this. Enter one that it uses: ${named.join(", ")}.`;
  return { refusal: { field: name, reason, choices } };
}
