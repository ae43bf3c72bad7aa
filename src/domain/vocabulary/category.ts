import { CATEGORY_WORDS, STRAIN_WORDS, SUBCATEGORY_WORDS } from "./category-words.ts";
import { remember } from "./remember.ts";
import { type Category, isCategory, isSubcategoryOf, type StrainType, type Subcategory } from "./reup.ts";
import { bounded, partsOf, says, wordKey, wordsOf } from "./words.ts";

/** The store's own map: a word of Dutchie's → ReUp's category, and its subcategory if the word tells it. */
export type Categories = Readonly<Record<string, { category: string; subcategory?: string | null | undefined }>>;

/** What Dutchie says of a product, in its own words; absent or null: nothing. */
export interface DutchieWords {
  category?: string | null;
  master_category?: string | null;
  /** Dutchie's own subcategory. */
  subcategory?: string | null;
  strain_type?: string | null;
  product_name?: string | null;
}

type Text = string | null | undefined;

export interface MappedProduct {
  category: Category | null;
  subcategory: Subcategory | null;
  /** The word that a person maps: Dutchie's category, else its master category, else its subcategory; null: Dutchie names none. */
  word: string | null;
  /**
   * Which rule told the category: the store's own map, the default table for the store's category, or the default table for the
   * master category or the subcategory, because the store's category says nothing; null: none did.
   */
  rule: "setting" | "default" | "master_category" | "subcategory" | null;
}

/**
 * ReUp's category and subcategory of a product. The name tells no category: strains are called Wedding Cake, Ice Cream and
 * Glue. Within a category it may tell the subcategory. For flower the strain type is the subcategory (the guide's mapping);
 * elsewhere only if nothing tells ReUp's own.
 */
export function categoryOf(product: DutchieWords, own: Categories): MappedProduct {
  const { category, told, strain, word, rule } = withoutName(product, own);
  if (category === null) return { category, subcategory: null, word, rule };
  const named = () => subcategoryIn(category, [wordsOf(product.product_name)], false);
  return { category, subcategory: told ?? (category === "flower" ? null : named()) ?? strain, word, rule };
}

/** What all but the name tells. `told`: ReUp's own subcategory. */
interface WithoutName extends Omit<MappedProduct, "subcategory"> {
  told: Subcategory | null;
  strain: StrainType | null;
}

const withoutName = remember(
  ({ category, master_category, subcategory, strain_type }: DutchieWords) =>
    JSON.stringify([category, master_category, subcategory, strain_type].map(bounded)),
  ({ category, master_category, subcategory, strain_type }: DutchieWords, own: Categories): WithoutName => {
    const word = [category, master_category, subcategory].map((each) => bounded(each).trim()).find(wordKey) ?? null;
    const strain = strainTypeOf(strain_type);
    const toldIn = (found: Category) => toldBy(found, strain_type, [category, subcategory, master_category]);
    const set = word === null ? null : settingFor(word, own);
    if (set !== null) {
      return { category: set.category, told: set.subcategory ?? toldIn(set.category), strain, word, rule: "setting" };
    }
    for (const [rule, text] of [
      ["default", category],
      ["master_category", master_category],
      ["subcategory", subcategory],
    ] as const) {
      const found = categoryIn(text);
      if (found !== null) return { category: found, told: toldIn(found), strain, word, rule };
    }
    return { category: null, told: null, strain, word, rule: null };
  },
);

/** ReUp's strain type; null: Dutchie names none, or one that is none of ReUp's ("CBD"). */
export function strainTypeOf(text: Text): StrainType | null {
  const words = wordsOf(text);
  const letters = words.size > 0 && [...words].every((word) => word === "i" || word === "s" || word === "h");
  const is = (word: StrainType) => words.has(word) || (letters && words.has(word.slice(0, 1)));
  const leans = words.has("dominant") || words.has("dom") || words.has("leaning");
  if (is("hybrid") || (is("indica") && is("sativa"))) return "hybrid";
  if (is("indica")) return leans ? "hybrid" : "indica";
  if (is("sativa")) return leans ? "hybrid" : "sativa";
  return null;
}

function settingFor(word: string, own: Categories): { category: Category; subcategory: Subcategory | null } | null {
  const key = wordKey(word);
  const found = Object.entries(own).find(([each, to]) => wordKey(each) === key && isCategory(to.category))?.[1];
  if (found === undefined || !isCategory(found.category)) return null;
  const { category, subcategory } = found;
  return { category, subcategory: isSubcategoryOf(category, subcategory) ? subcategory : null };
}

/** The category that a text names by the default table; null: none, or several ("Edibles & Topicals"). */
function categoryIn(text: Text): Category | null {
  const found = new Set<Category>();
  for (const words of partsOf(text)) {
    const line = CATEGORY_WORDS.find(([, rules]) => says(words, rules));
    if (line?.[0] === null) return null;
    if (line !== undefined) found.add(line[0]);
    else if (isStrainOnly(words)) found.add("flower");
  }
  return found.size === 1 ? ([...found][0] ?? null) : null;
}

/** Older systems sorted flower into categories named by its strain types. */
const isStrainOnly = (words: ReadonlySet<string>): boolean =>
  [...words].every((word) => STRAIN_WORDS.has(word)) && strainTypeOf([...words].join(" ")) !== null;

/** ReUp's own subcategory, by Dutchie's words for the category; for flower by the strain type first. */
function toldBy(category: Category, strain_type: Text, texts: readonly Text[]): Subcategory | null {
  return category === "flower"
    ? firstOf([strain_type, ...texts], strainTypeOf)
    : firstOf(texts, (text) => subcategoryIn(category, partsOf(text), true));
}

/** The subcategory that all parts of a text tell; null: none, or several. */
function subcategoryIn(
  category: Category,
  parts: readonly ReadonlySet<string>[],
  withFlavours: boolean,
): Subcategory | null {
  const found = new Set<Subcategory>();
  for (const words of parts) {
    const line = SUBCATEGORY_WORDS[category].find(
      (each) => says(words, each.words) || (withFlavours && each.flavours !== undefined && says(words, each.flavours)),
    );
    if (line?.subcategory) found.add(line.subcategory);
  }
  return found.size === 1 ? ([...found][0] ?? null) : null;
}

function firstOf<T>(texts: readonly Text[], told: (text: Text) => T | null): T | null {
  for (const text of texts) {
    const found = told(text);
    if (found !== null) return found;
  }
  return null;
}
