import type { Category, Subcategory } from "./reup.ts";
import { type Rule, rules } from "./words.ts";

/**
 * The default table: words of Dutchie's categories, as stores, states and menus write them. The first line that a text says
 * decides, so what a product is comes before what is in it: a battery for a vape is an accessory, a gummy with live rosin is
 * an edible, a pre-roll with hash is flower. null: the words only say what a product is not, or that it is for animals.
 *
 * Where ReUp has no word, these are decisions; a store may decide otherwise in its settings. Pre-rolls, infused ones too, are
 * flower: they are flower, rolled, and have its strain types. Tinctures and capsules are edibles: they are swallowed. Seeds,
 * clones and clothing are accessories: the only goods of ReUp's that nobody consumes. "CBD" says nothing of the form.
 */
export const CATEGORY_WORDS: readonly (readonly [Category | null, readonly Rule[]])[] = [
  [null, rules("non edible; not edible; inedible; nonedible; pet; dog")],
  [
    "accessories",
    rules(`accessory; battery; charger; grinder; lighter; torch; ashtray; tray; paraphernalia; hardware; gear; supply;
      dry herb vaporizer; desktop vaporizer; dab tool; rig; erig; dabber; carb cap; banger; nectar collector; bong; bubbler;
      chillum; pipe; hitter; steamroller; glassware; paper; wrap; filter tip; rolling machine; rolling tip; stash; smell proof;
      cleaner; cleaning; apparel; clothing; shirt; tshirt; hoodie; hat; merch; merchandise; swag; novelty; book; souvenir;
      sticker; seed; clone; cutting; seedling; immature plant; mature plant; live plant; plant tissue; tissue culture;
      cultivation; nutrient`),
  ],
  ["edibles", rules("ice cream")],
  [
    "topicals",
    rules(`topical; lotion; balm; salve; cream; creme; ointment; transdermal; patch; bath; lube; lubricant; intimate; intimacy;
      massage; skincare; skin; soap; cosmetic; serum; liniment; body care; body oil; body butter; muscle rub`),
  ],
  [
    "edibles",
    rules(`edible; ingestible; gummy; gummie; gummi; gum; chew; chewable; chocolate; candy; confection; confectionery; caramel;
      taffy; mint; lozenge; lollipop; sucker; baked; bakery; baking; cookie; brownie; snack; treat; sweet; jerky; condiment;
      butter; honey; hot sauce; infused food; beverage; drink; drinkable; seltzer; soda; tea; coffee; juice; lemonade; elixir; shot;
      shooter; syrup; tonic; infused liquid; tincture; sublingual; oral; capsule; softgel; soft gel; gelcap; tablet; pill;
      troche; dissolvable; cooking; culinary`),
  ],
  [
    "vapes",
    rules(`vape; vaporizer; vaporiser; vaping; vapor; cart; cartridge; catridge; disposable; dispo; all in one; aio; 510; pod;
      e liquid; eliquid; ejuice; dab pen`),
  ],
  [
    "flower",
    rules(`pre roll; preroll; pre rolled; prerolled; joint; blunt; spliff; cannagar; cigar; hash hole; infused flower;
      moon rock; moonrock; caviar`),
  ],
  [
    "concentrates",
    rules(`concentrate; extract; resin; rosin; shatter; wax; badder; budder; batter; crumble; sauce; diamond; hash; hashish;
      charas; kief; keef; distillate; isolate; rso; rick simpson; feco; crystalline; bho; pho; full melt; temple ball;
      pull snap; honeycomb; sugar; dab; dablicator; applicator; syringe; solventless; dry sift; crude`),
  ],
  [
    "flower",
    rules(
      "flower; bud; shake; trim; nug; eighth; small; usable; marijuana mix; cannabi mix; dried cannabi; dried herb",
    ),
  ],
  ["vapes", rules("pen")],
  ["topicals", rules("roll on; roll ons; rollon")],
  ["accessories", rules("glass; cone; storage; container; tip; tool")],
];

/** Words that may stand beside a strain type in a category of nothing else ("Indica", "Sativa Dominant"). */
export const STRAIN_WORDS: ReadonlySet<string> = new Set([
  "indica",
  "sativa",
  "hybrid",
  "dominant",
  "dom",
  "leaning",
  "strain",
]);

/**
 * Words that tell ReUp's subcategory, the first line that a text says. `flavours`: words that tell it in a category, but not in
 * the name of a product, where they may be a flavour or a strain ("Orange Soda Mints", "Cake Batter"). null: another form.
 */
export interface SubcategoryWords {
  subcategory: Subcategory | null;
  words: readonly Rule[];
  flavours?: readonly Rule[];
}

export const SUBCATEGORY_WORDS: Readonly<Record<Category, readonly SubcategoryWords[]>> = {
  flower: [],
  // What it is made of comes before its texture ("Live Rosin Badder").
  concentrates: [
    { subcategory: "rosin", words: rules("rosin") },
    { subcategory: "live_resin", words: rules("live resin; liveresin") },
    { subcategory: "shatter", words: rules("shatter") },
    { subcategory: "wax", words: rules("wax; badder; budder"), flavours: rules("batter; crumble; honeycomb") },
  ],
  edibles: [
    { subcategory: "gummies", words: rules("gummy; gummie; gummi") },
    { subcategory: null, words: rules("cookie; brownie; cracker; tincture; capsule; tablet") },
    {
      subcategory: "chocolates",
      words: rules(
        "chocolate bar; chocolate bite; chocolate truffle; chocolate square; milk chocolate; dark chocolate",
      ),
      flavours: rules("chocolate"),
    },
    {
      subcategory: "beverages",
      words: rules("beverage; drink; drinkable; seltzer"),
      flavours: rules("soda; tea; coffee; juice; lemonade; elixir; shot; shooter; tonic"),
    },
  ],
  vapes: [
    { subcategory: "disposables", words: rules("disposable; dispo; all in one; aio") },
    { subcategory: "cartridges", words: rules("cartridge; catridge; cart; 510; pod") },
  ],
  topicals: [
    { subcategory: "balms", words: rules("balm; salve; ointment") },
    { subcategory: "lotions", words: rules("lotion; cream; creme") },
  ],
  accessories: [
    { subcategory: null, words: rules("cleaner; cleaning; screen") },
    { subcategory: "grinders", words: rules("grinder") },
    { subcategory: "papers", words: rules("paper; cone; wrap") },
    { subcategory: "pipes", words: rules("pipe; bong; bubbler; chillum; hitter; steamroller") },
  ],
};
