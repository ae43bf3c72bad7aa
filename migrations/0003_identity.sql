DROP INDEX `products_sku`;--> statement-breakpoint
ALTER TABLE `products` ADD `unsettled` text;--> statement-breakpoint
ALTER TABLE `products` ADD `sku_key` text;--> statement-breakpoint
ALTER TABLE `products` ADD `upc_key` text;--> statement-breakpoint
ALTER TABLE `products` ADD `name_key` text;--> statement-breakpoint
CREATE INDEX `products_sku` ON `products` (`location_id`,`sku_key`);
--> statement-breakpoint
-- The keys of what is stored; a product's next write makes them exact (`domain/identifiers.ts`).
UPDATE `products` SET `sku_key` = upper(trim(replace(replace(replace(`sku`, char(160), ' '), char(8211), '-'), char(8212), '-')))
WHERE `sku` IS NOT NULL AND length(`sku`) <= 200 AND trim(`sku`, ' 0-./#*?_') <> ''
  AND lower(replace(replace(replace(`sku`, '/', ''), '.', ''), ' ', '')) NOT IN ('na', 'none', 'null', 'nil', 'tbd', 'tba', 'unknown', 'nosku', 'test', 'xx', 'xxx');--> statement-breakpoint
UPDATE `products` SET `upc_key` = CASE
  WHEN replace(replace(`upc`, ' ', ''), '-', '') NOT GLOB '*[^0-9]*' AND length(replace(replace(`upc`, ' ', ''), '-', '')) <= 14
  THEN substr('00000000000000' || ltrim(replace(replace(`upc`, ' ', ''), '-', ''), '0'), -14)
  ELSE upper(trim(`upc`)) END
WHERE `upc` IS NOT NULL AND length(`upc`) <= 200 AND trim(`upc`, ' 0-./#*?_') <> ''
  AND lower(replace(replace(replace(`upc`, '/', ''), '.', ''), ' ', '')) NOT IN ('na', 'none', 'null', 'nil', 'tbd', 'tba', 'unknown', 'noupc', 'test', 'xx', 'xxx');--> statement-breakpoint
UPDATE `products` SET `name_key` = lower(trim(`product_name`));--> statement-breakpoint
-- Products that only packages and sales had told of, and products of ReUp's own that these had linked.
UPDATE `products` SET `unsettled` = json_object('told', json('{}'), 'own', NULL, 'hint', json_object(
  'sku', `sku`, 'upc', NULL, 'product_name', `product_name`, 'brand', `brand`, 'category', `category`, 'subcategory', `subcategory`))
WHERE `status` = 'provisional';--> statement-breakpoint
UPDATE `products` SET `unsettled` = json_object('told', json('{}'), 'hint', json_object(
  'sku', `sku`, 'upc', NULL, 'product_name', `product_name`, 'brand', `brand`, 'category', NULL, 'subcategory', NULL), 'own', json_object(
  'dutchie_product_id', NULL, 'sku', `sku`, 'upc', `upc`, 'product_name', `product_name`, 'brand', `brand`, 'category', `category`,
  'subcategory', `subcategory`, 'thc_percentage', `thc_percentage`, 'cbd_percentage', `cbd_percentage`, 'thc_mg', `thc_mg`,
  'cbd_mg', `cbd_mg`, 'unit_price', `unit_price`, 'unit_cost', `unit_cost`, 'status', `status`))
WHERE `source` = 'reup' AND `source_at` = 0 AND `dutchie_product_id` IS NOT NULL;--> statement-breakpoint
-- Which of ReUp's products one of Dutchie's is: a kind of its own.
UPDATE `reviews` SET `kind` = 'ambiguous_match' WHERE `kind` = 'duplicate_sku' AND json_extract(`candidates`, '$[0]') = `subject`;
