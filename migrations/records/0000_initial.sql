CREATE TABLE `changes` (
	`location_id` text NOT NULL,
	`change_id` text NOT NULL,
	`resource` text NOT NULL,
	`record_id` text NOT NULL,
	`fields` text NOT NULL,
	`cause` text NOT NULL,
	`ref` text,
	`at` integer NOT NULL,
	PRIMARY KEY(`location_id`, `change_id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `changes_record` ON `changes` (`location_id`,`record_id`);--> statement-breakpoint
CREATE TABLE `counts` (
	`location_id` text NOT NULL,
	`what` text NOT NULL,
	`n` integer NOT NULL,
	PRIMARY KEY(`location_id`, `what`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `insights` (
	`location_id` text NOT NULL,
	`kind` text NOT NULL,
	`parameters` text NOT NULL,
	`day` text NOT NULL,
	`computed_at` integer NOT NULL,
	`document` text NOT NULL,
	PRIMARY KEY(`location_id`, `kind`, `parameters`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `inventory` (
	`location_id` text NOT NULL,
	`dutchie_inventory_id` text NOT NULL,
	`inventory_id` text NOT NULL,
	`dutchie_product_id` text,
	`product_id` text,
	`sku` text,
	`package_id` text,
	`quantity` real NOT NULL,
	`room_type` text NOT NULL,
	`room_name` text NOT NULL,
	`unit_cost` real,
	`unit_price` real,
	`source_at` integer NOT NULL,
	`source_rank` integer NOT NULL,
	`content_hash` text NOT NULL,
	`package_at` integer NOT NULL,
	`stated` text,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`location_id`, `dutchie_inventory_id`, `inventory_id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `inventory_product` ON `inventory` (`location_id`,`product_id`);--> statement-breakpoint
CREATE TABLE `products` (
	`location_id` text NOT NULL,
	`product_id` text NOT NULL,
	`dutchie_product_id` text,
	`sku` text,
	`upc` text,
	`product_name` text NOT NULL,
	`brand` text,
	`category` text,
	`subcategory` text,
	`thc_percentage` real,
	`cbd_percentage` real,
	`thc_mg` real,
	`cbd_mg` real,
	`unit_price` real,
	`unit_cost` real,
	`notes` text,
	`status` text NOT NULL,
	`merged_into` text,
	`overrides` text,
	`source` text NOT NULL,
	`stated` text,
	`unsettled` text,
	`sku_key` text,
	`upc_key` text,
	`name_key` text,
	`source_at` integer NOT NULL,
	`source_rank` integer NOT NULL,
	`content_hash` text NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`location_id`, `product_id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE UNIQUE INDEX `products_dutchie` ON `products` (`location_id`,`dutchie_product_id`);--> statement-breakpoint
CREATE INDEX `products_sku` ON `products` (`location_id`,`sku_key`);--> statement-breakpoint
CREATE INDEX `products_merged` ON `products` (`location_id`,`merged_into`) WHERE merged_into is not null;--> statement-breakpoint
CREATE TABLE `reviews` (
	`location_id` text NOT NULL,
	`review_id` text NOT NULL,
	`kind` text NOT NULL,
	`state` text NOT NULL,
	`subject` text NOT NULL,
	`reason` text NOT NULL,
	`candidates` text NOT NULL,
	`conflicts` text,
	`value_at_stake` real,
	`facts_hash` text NOT NULL,
	`action` text,
	`into` text,
	`resolution` text,
	`opened_at` integer NOT NULL,
	`resolved_at` integer,
	`resolved_by` text,
	PRIMARY KEY(`location_id`, `review_id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `rooms` (
	`location_id` text NOT NULL,
	`room_key` text NOT NULL,
	`dutchie_room_id` text,
	`room_name` text NOT NULL,
	`room_type` text NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`location_id`, `room_key`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `runs` (
	`location_id` text NOT NULL,
	`run_id` text NOT NULL,
	`mode` text NOT NULL,
	`trigger` text NOT NULL,
	`state` text NOT NULL,
	`started_at` integer NOT NULL,
	`finished_at` integer,
	`duration_ms` integer,
	`records_processed` integer NOT NULL,
	`failed` integer NOT NULL,
	`document` text NOT NULL,
	PRIMARY KEY(`location_id`, `run_id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `sale_items` (
	`location_id` text NOT NULL,
	`sale_id` text NOT NULL,
	`line_id` text NOT NULL,
	`product_id` text,
	`dutchie_product_id` text,
	`quantity` real NOT NULL,
	`unit_price` real,
	`unit_cost` real,
	`discount` real,
	`total` real,
	`is_returned` integer NOT NULL,
	PRIMARY KEY(`location_id`, `sale_id`, `line_id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `sales` (
	`location_id` text NOT NULL,
	`sale_id` text NOT NULL,
	`dutchie_transaction_id` text NOT NULL,
	`completed_at` integer NOT NULL,
	`type` text NOT NULL,
	`subtotal` real,
	`discount` real,
	`tax` real,
	`total` real,
	`is_void` integer NOT NULL,
	`is_return` integer NOT NULL,
	`return_of` text,
	`adjustment_of` text,
	`item_count` integer NOT NULL,
	`items_hash` text NOT NULL,
	`customer_key` text,
	`source_at` integer NOT NULL,
	`source_rank` integer NOT NULL,
	`content_hash` text NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`location_id`, `sale_id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `sales_completed` ON `sales` (`location_id`,`completed_at`);--> statement-breakpoint
CREATE INDEX `sales_customer` ON `sales` (`location_id`,`customer_key`,`completed_at`) WHERE customer_key is not null;
--> statement-breakpoint
CREATE TRIGGER `products_counted` AFTER INSERT ON `products` WHEN new.status <> 'deleted' BEGIN
	INSERT INTO counts (location_id, what, n) VALUES (new.location_id, 'products', 1) ON CONFLICT DO UPDATE SET n = n + 1;
END;
--> statement-breakpoint
CREATE TRIGGER `products_recounted` AFTER UPDATE OF `status` ON `products` WHEN (old.status <> 'deleted') <> (new.status <> 'deleted') BEGIN
	INSERT INTO counts (location_id, what, n) VALUES (new.location_id, 'products', iif(new.status <> 'deleted', 1, -1))
		ON CONFLICT DO UPDATE SET n = n + excluded.n;
END;
--> statement-breakpoint
CREATE TRIGGER `products_uncounted` AFTER DELETE ON `products` WHEN old.status <> 'deleted' BEGIN
	UPDATE counts SET n = n - 1 WHERE location_id = old.location_id AND what = 'products';
END;
--> statement-breakpoint
CREATE TRIGGER `inventory_counted` AFTER INSERT ON `inventory` WHEN new.quantity <> 0 BEGIN
	INSERT INTO counts (location_id, what, n) VALUES (new.location_id, 'inventory', 1) ON CONFLICT DO UPDATE SET n = n + 1;
END;
--> statement-breakpoint
CREATE TRIGGER `inventory_recounted` AFTER UPDATE OF `quantity` ON `inventory` WHEN (old.quantity <> 0) <> (new.quantity <> 0) BEGIN
	INSERT INTO counts (location_id, what, n) VALUES (new.location_id, 'inventory', iif(new.quantity <> 0, 1, -1))
		ON CONFLICT DO UPDATE SET n = n + excluded.n;
END;
--> statement-breakpoint
CREATE TRIGGER `inventory_uncounted` AFTER DELETE ON `inventory` WHEN old.quantity <> 0 BEGIN
	UPDATE counts SET n = n - 1 WHERE location_id = old.location_id AND what = 'inventory';
END;
--> statement-breakpoint
CREATE TRIGGER `sales_counted` AFTER INSERT ON `sales` BEGIN
	INSERT INTO counts (location_id, what, n) VALUES (new.location_id, 'sales', 1) ON CONFLICT DO UPDATE SET n = n + 1;
END;
--> statement-breakpoint
CREATE TRIGGER `sales_uncounted` AFTER DELETE ON `sales` BEGIN
	UPDATE counts SET n = n - 1 WHERE location_id = old.location_id AND what = 'sales';
END;
--> statement-breakpoint
CREATE TRIGGER `reviews_counted` AFTER INSERT ON `reviews` WHEN new.state = 'open' BEGIN
	INSERT INTO counts (location_id, what, n) VALUES (new.location_id, 'reviews', 1) ON CONFLICT DO UPDATE SET n = n + 1;
END;
--> statement-breakpoint
CREATE TRIGGER `reviews_recounted` AFTER UPDATE OF `state` ON `reviews` WHEN (old.state = 'open') <> (new.state = 'open') BEGIN
	INSERT INTO counts (location_id, what, n) VALUES (new.location_id, 'reviews', iif(new.state = 'open', 1, -1))
		ON CONFLICT DO UPDATE SET n = n + excluded.n;
END;
--> statement-breakpoint
CREATE TRIGGER `reviews_uncounted` AFTER DELETE ON `reviews` WHEN old.state = 'open' BEGIN
	UPDATE counts SET n = n - 1 WHERE location_id = old.location_id AND what = 'reviews';
END;
