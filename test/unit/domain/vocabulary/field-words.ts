/**
 * Category words seen in the field: menus and catalogues of stores, Dutchie's menu enumerations, product types of states
 * (METRC in several states, Washington's inventory types) and of other points of sale. Each line: what ReUp makes of them.
 */
const CATEGORY_LINES: Record<string, string> = {
  flower: `Flower | Flowers | FLOWER | flower  | Cannabis Flower | Bulk Flower | BULK_FLOWER | WHOLE_FLOWER | Whole Flower |
    Premium Flower | Top Shelf Flower | Mid Shelf Flower | Value Flower | House Flower | Deli Flower | Deli-Style Flower | Indoor Flower |
    Outdoor Flower | Greenhouse Flower | Sungrown Flower | Ground Flower | Pre-Ground Flower | Prepackaged Flower | Pre-Packed Flower |
    Packaged Flower | Flower - Prepack | Flower (Bulk) | Flower 3.5g | 3.5g Flower | 1g Flower | 7g Flower (1/4 oz) | 14g Flower (1/2 oz) | 28g Flower (1 oz) |
    Flower - Eighths | Eighths | Flower Jar | Smalls | Small Buds | SMALL_BUDS | Popcorn Buds | Popcorn Bud | A Bud | B Bud |
    Buds | Bud | Buds (prepackaged) | Bud/Flower - Bulk | Shake | Shake/Trim | Shake/Trim (by strain) | Ground & Shake | Trim | Nugs |
    Mixed Buds | Craft Flower | Medical Flower | Rec Flower | Hemp Flower | CBD Flower | THCA Flower | Infused Flower | Moon Rocks | Moonrocks |
    Flower (packaged eighth - each) | Flower (packaged gram - each) | Flower (packaged - each) | Flower (packaged quarter - each) |
    Flower (packaged half ounce - each) | Flower (packaged ounce - each) | Shake (Packaged Eighth - each) | Shake (Packaged Half Ounce - each) |
    Usable Marijuana | Usable Cannabis | Usable Flower | Marijuana Mix | Marijuana Mix Packaged | Marijuana Mix Infused | Flower Lot | Wet Flower | Untrimmed Flower |
    Pre-Roll | Pre-Rolls | Pre Roll | Pre Rolls | Preroll | Prerolls | PreRolls | PRE_ROLLS | PRE-ROLL | Pre-Rolled | Pre-rolls  |
    Pre-Roll Packs | Pre-Roll 5pk | Pre-Roll Multi-Pack | Preroll Singles | Infused Pre-Rolls | Infused Preroll | INFUSED_PRE_ROLL_PACKS | Raw Pre-Rolls |
    Premium Bud Pre-Roll | Pre-Roll Flower | Pre-Roll Infused | Pre-Roll Leaf | Pre-Roll w/ Hash | Un-infused Pre Rolls | Diamond Infused Pre-Rolls |
    Flower Pre-Rolls | Infused Flower Pre-Rolls | Flower > Pre-Rolls | Flower/Pre-Roll | Joint | Joints | Joints & Blunts | Blunt | Blunts | BLUNTS |
    Infused Blunts | Infused Joints | Mini Blunts | Spliffs | Cannagars | Hash Holes | Enhanced/Infused Preroll | Infused Flower/Pre-Roll, Product Inhalable |
    All Prerolls | Plain Blunts | Live Resin Pre-Rolls`,
  "flower/indica": "Indica | Indica Flower | Flower - Indica | Indica Pre-Rolls | Indica Flowers | Indicas",
  "flower/sativa": "Sativa | Sativa Flower | Flower: Sativa | Sativa Eighths",
  "flower/hybrid": "Hybrid | Hybrid Flower | Flower > Hybrid | Indica Dominant | Sativa-Dominant | Hybrid Flowers",
  concentrates: `Concentrate | Concentrates | CONCENTRATES | Concentrates  | Extract | Extracts | Concentrates & Extracts | Extract / Concentrate | Dabs |
    Diamonds | DIAMONDS | THCA Diamonds | Diamonds & Sauce | Sauce | Terp Sauce | Sugar | Sugars | Live Sugar | Terp Sugar | Hash | HASH | Bubble Hash | Ice Water Hash |
    Hashish | Temple Ball | Dry Sift | Full Melt | Kief | KIEF | Keef | Distillate | DISTILLATE | Distillates | Distillate Syringe | Isolate | ISOLATE | THCa Isolate | RSO | RSO Syringe |
    Rick Simpson Oil (RSO) | FECO | Crystalline | BHO | Cured Resin | Resin | Applicators | Syringes | Dablicator | Solventless | Solventless Concentrate | CO2 Hash Oil | CO2 Extract |
    Concentrate (Each) | Concentrate (Bulk) | Concentrate (Weight) | Extract (weight - each) | Extract (volume - each) | Other Concentrate (volume - each) |
    Food Grade Solvent Extract | Ethanol Concentrate | Non-solvent_based_concentrate | Solvent Based Concentrate | Hemp Concentrate | Marijuana Extract for Inhalation |
    Concentrate for Inhalation | Bulk Extract | Medical Concentrates | Crude | Hash & Kief | Pull N Snap`,
  "concentrates/live_resin":
    "Live Resin | LIVE_RESIN | Live Resins | live resin  | Concentrates > Live Resin | Live Resin Badder | Live Resin Sugar | Dab Live Resin | Concentrate - Live Resin",
  "concentrates/rosin":
    "Rosin | ROSIN | Rosins | Live Rosin | LIVE_ROSIN | Hash Rosin | Rosin Jar | Flower Rosin | Live Rosin Badder | Cold Cure Rosin | Concentrates - Rosin",
  "concentrates/shatter": "Shatter | SHATTER | Shatters | Concentrate: Shatter",
  "concentrates/wax":
    "Wax | WAX | Sugar Wax | Badder | BADDER | Badders | Budder | Budders | Batter | Batter/Badder | Crumble | Crumbles | Honeycomb | Hydrocarbon Wax | Concentrates/Wax | Cured Badder",
  edibles: `Edible | Edibles | edibles | Edibles  | EDIBLES | Cannabis Edibles | Infused Edibles | Edible (weight - each) | Edible (volume - each) | Edible (Each) | Infused (edible) |
    Solid Edible | Liquid Edible | Edibles (Solid) | Solid Marijuana Infused Edible | Liquid Marijuana Infused Edible | Baked Goods | BAKED_GOODS | Cookies | Brownies | Candy | Candies | Hard Candy | Caramels | Mints |
    Lozenges | Lollipops | Suckers | Chews | CHEWS | Fruit Chews | Snacks | Snack Food | Taffy | Condiment | Cooking | COOKING_BAKING | Cooking & Baking | Infused Cooking Oil | Infused Butter/Oil (weight - each) |
    Infused Dairy Butter or Fat in Solid Form | Honey | Syrups | Syrup | Tincture | Tinctures | TINCTURES | Tincture (volume - each) | Tinctures / Oils | CBD Tinctures | Oil Tinctures | Sublingual | Sublinguals | Oral | Orals |
    Capsule | Capsules | CAPSULES_TABLETS | Capsule (weight - each) | RSO Capsules | Softgels | Soft Gels | Tablets | Pills | DISSOLVABLES | Infused Liquid | Infused Liquid (each) | Ingestibles | Ice Cream |
    Live Rosin Edibles | Medical Edibles | Pills & Capsules`,
  "edibles/gummies":
    "Gummies | GUMMIES | Gummy | gummies  | LIVE_RESIN_GUMMIES | LIVE_ROSIN_GUMMIES | Live Rosin Gummies | Edible > Gummies | Edible (Gummies) | Edibles - Gummies | Gummies & Chews | Rosin Gummies | Vegan Gummies | Chocolate Gummies",
  "edibles/chocolates":
    "Chocolate | Chocolates | CHOCOLATES | Chocolate Bars | Edibles: Chocolate | Chocolate & Candy | Edible - Chocolates",
  "edibles/beverages":
    "Beverage | Beverages | BEVERAGE | Drink | Drinks | DRINKS | Infused Beverage | Infused Beverages (Bulk) | Seltzer | Seltzers | Sodas | Drinks & Shots | Teas | Coffee | Edibles > Drinks | Drinkables | Drink Mix | Tea & Coffee | Shots",
  vapes:
    "Vape | Vapes | VAPE | Vaporizers | VAPORIZERS | Vaporizer | Vaping | Vape Pens | Vape Pen | Vape Product | Vapor | Vapes  | E-Liquid | Live Rosin Vape | Vape Oil | Inhalable Vapes | Pens | Distillate Vapes",
  "vapes/cartridges": `Cartridge | Cartridges | CARTRIDGES | Vape Cartridge | Vape Cartridges | Vape Carts | Vape Cart | Carts | CATRIDGES | 510 Cartridges | 510 Cart | 510 Thread | 510 Thread LR | Vapes - 510 | Vape Cartridge (weight - each) |
    Vape Cartridge (volume - each) | Vape Cartridge (Each) | Live Resin Cartridges | Live Resin Carts | Distillate Cartridges | Rosin Carts | Cartridge 1g | Pods | PODS | Pax Pods | Pod Systems | CO2 Cartridges | Concentrates - Vape Cartridges`,
  "vapes/disposables":
    "Disposable | Disposables | DISPOSABLES | Disposable Vapes | Disposable Vape Pen | Vape - Disposable | All-In-One | ALL_IN_ONE | All-In-One Vape | AIO | AIO Vapes | All in One / Disposable | Dispos | Live Resin Disposables | Rosin Disposable Vapes | Vapes > All-in-One Vapes > Distillate",
  topicals:
    "Topical | Topicals | Topicals  | TOPICALS | Topical (weight - each) | Topical (volume - each) | Marijuana Infused Topicals | Transdermal | Transdermal Patch | TRANSDERMALS | Patches | BATH_PRODUCTS | Bath & Body | Bath Bombs | Bath Salts | Massage Oil | Lubricants | Intimacy | Skincare | Skin Care | TOPICAL_OILS | Roll-On | Soaps",
  "topicals/lotions":
    "Lotion | Lotions | LOTION | Creams | Topical Cream | Body Lotion | Topicals - Lotions | Creams & Lotions",
  "topicals/balms":
    "Balm | Balms | BALMS | Salve | Salves | LIP_BALMS | Lip Balm | Ointments | Topical Ointment | Joint Relief Balm | Balms & Salves",
  accessories: `Accessories | Accessory | ACCESSORIES | Gear | Gear | Batteries | BATTERIES | Vape Batteries | 510 Battery | Vape Accessories | Vape Hardware | Lighters | LIGHTERS | Trays | TRAYS | Rolling Trays | DAB_TOOLS | Dab Tools | Dab Rigs | GLASSWARE | Glass |
    STORAGE_CONTAINERS | Storage | Apparel | APPAREL | Clothing | Merch | Merchandise | Hats | T-Shirts | Swag | Paraphernalia | Smoking Accessories | Non-Cannabis Accessories | Ashtrays | Torches | Seeds | SEEDS | Seed | Seeds (each) | Clones | CLONES | Clone |
    Clone - Cutting | Seedlings | Immature Plants | Mature Plant | Plant Tissue | Tissue Culture | Seeds & Clones | Live Plant | Cultivation | Nutrients | Novelty | Books | Accessories & Starter Kits | Dry Herb Vaporizers | Stash Jars`,
  "accessories/papers":
    "Papers | Rolling Papers | PAPERS_ROLLING_SUPPLIES | Papers & Cones | Wraps | Blunt Wraps | Hemp Wraps | Cones | Papers/Wraps | Rolling Papers & Supplies",
  "accessories/pipes": "Pipes | Glass Pipes | Bongs | Water Pipes | Bubblers | Chillums | One Hitters | Pipes & Bongs",
  "accessories/grinders": "Grinders | GRINDERS | Grinder | Accessories - Grinders",
  none: `CBD | Hemp-CBD | Specials | Staff Picks | Sale | New Arrivals | Promos | Clearance | Wellness | Medical | Recreational | Other | Misc | Miscellaneous | Bulk | Not Set | NOT_APPLICABLE | Default | Samples | Sample Jar | Non-Mandatory QA Sample |
    Waste | Gift Cards | Delivery Fee | Edibles & Topicals | Concentrates & Vapes | Papers & Pre-Rolls | Infused (non-edible) | Infused Non-Edible | Non Edible | Pet | Pet Treats | Pets | Oil | Oils | Cannabis | Marijuana | Suppository | Suppositories |
    Inhaler | Infused | Singles | Packs | Gas | Kits | Bundles | THC | Delta 8 | N/A | - | None | 1 | ??? | Services | Inventory | Retail | Other Plant Material Lot | Terpenes`,
};

/** Names of rooms, of stores and of other points of sale. */
const ROOM_LINES: Record<string, string> = {
  sales_floor: `Sales Floor | SALES FLOOR | Sales floor  | Salesfloor | Retail Floor | Retail | Front | Front of House | FOH | Showroom | Display Case | Display Case 2 | Register 1 | Registers | POS | Point of Sale | Counter | Shop | Online | Online Orders | E-Commerce |
    eCommerce | Web Orders | Pre-Order | Preorder | Pickup | Pick-Up | Ready for Pick-Up/Delivery | Curbside | Drive-Thru | Delivery | Kiosk | Dispensary Floor | Rec Sales Floor | Med Sales Floor | Sellable`,
  vault: `Vault | Vault  | VAULT | Main Vault | Vault 2 | Retail Vault | Safe | Front Safe | Back Stock | Back Stock  | Backstock | Back-Stock | Back Room | Backroom | Back of House | BOH | Storage | Storage Room | Store Room | Stockroom | Stock Room |
    Overstock | Overflow | Sales Floor Overflow | Inventory | Inventory Room | Warehouse | Receiving | Intake | Cage | Bulk Storage | Secure Storage`,
  quarantine: `Quarantine | QUARANTINE | Quarantine  | Quarantine Room | Quarantined | Vault - Quarantine | Returns | Customer Returns | Return Bin | Damaged | Damaged Goods | Destruction | To Be Destroyed | Waste | Waste Room | Disposal | Expired | Expired Product |
    Recall | Recalled | On Hold | Compliance Hold | Hold | Do Not Sell | Defective | Online Returns`,
  none: `Waiting Room | Lobby | Room 12 | A1 | Shelf 3 | Unassigned | Room | Employee | Training | Office | Not For Sale | Non-Sellable | Secret Menu | Med | Sample | ??? | -`,
};

/** Strain types, of stores and of other points of sale. */
const STRAIN_LINES: Record<string, string> = {
  indica: "Indica | INDICA | indica  | Indicas | I | Pure Indica",
  sativa: "Sativa | SATIVA | sativa | S",
  hybrid: `Hybrid | HYBRID | hybrid  | Indica-Hybrid | Sativa-Hybrid | INDICA_HYBRID | SATIVA_HYBRID | Indica Dominant | Sativa Dominant | Indica Dominant Hybrid | Sativa Dominant Hybrid | Indica-Dom | Sativa Dom | Indica/Sativa | I/S |
    H | 50/50 Hybrid | Hybrid-Indica | Indica leaning hybrid | Sativa-Leaning | Indica-leaning`,
  none: "CBD | High CBD | N/A | NOT_APPLICABLE | None | - | Mixed | Blend | Balanced | ??? | Unknown",
};

const listed = (lines: Record<string, string>): [word: string, to: string][] =>
  Object.entries(lines).flatMap(([to, words]) =>
    words
      .split("|")
      .map((word) => word.replace(/\n\s*/g, ""))
      .map((word): [string, string] => [word.slice(1, -1) === "" ? word.trim() : word.replace(/^ | $/g, ""), to]),
  );

/** Dutchie's category → `category` or `category/subcategory`, or `none`. */
export const CATEGORY_FIELD_WORDS = listed(CATEGORY_LINES);
export const ROOM_FIELD_WORDS = listed(ROOM_LINES);
export const STRAIN_FIELD_WORDS = listed(STRAIN_LINES);
