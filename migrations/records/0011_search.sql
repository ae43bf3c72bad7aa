DROP INDEX `products_sku`;--> statement-breakpoint
ALTER TABLE `products` ADD `search` text;--> statement-breakpoint
-- Until a text of the product changes: then it is also found without its accents.
UPDATE `products` SET `search` = coalesce(name_key, '') || char(10) || lower(product_name || char(10) || coalesce(brand, '') || char(10)
	|| coalesce(sku, '') || char(10) || coalesce(upc, '') || char(10) || coalesce(upc_key, ''));--> statement-breakpoint
CREATE INDEX `products_sku` ON `products` (`location_id`,`sku_key`,`search`,`merged_into`);
