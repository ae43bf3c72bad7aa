-- An older build, before a deployment or after a rollback, does not know the column: products that it writes are found all the same.
CREATE TRIGGER `products_searched` AFTER INSERT ON `products` WHEN new.search IS NULL BEGIN
	UPDATE products SET search = coalesce(new.name_key, '') || char(10) || lower(new.product_name || char(10) || coalesce(new.brand, '') || char(10)
		|| coalesce(new.sku, '') || char(10) || coalesce(new.upc, '') || char(10) || coalesce(new.upc_key, ''))
		WHERE location_id = new.location_id AND product_id = new.product_id;
END;
--> statement-breakpoint
CREATE TRIGGER `products_researched` AFTER UPDATE OF `product_name`, `brand`, `sku`, `upc` ON `products` WHEN new.search IS old.search
	AND (new.product_name, new.brand, new.sku, new.upc) IS NOT (old.product_name, old.brand, old.sku, old.upc) BEGIN
	UPDATE products SET search = coalesce(new.name_key, '') || char(10) || lower(new.product_name || char(10) || coalesce(new.brand, '') || char(10)
		|| coalesce(new.sku, '') || char(10) || coalesce(new.upc, '') || char(10) || coalesce(new.upc_key, ''))
		WHERE location_id = new.location_id AND product_id = new.product_id;
END;
