CREATE TABLE `alerts` (
	`location_id` text NOT NULL,
	`alert_id` text NOT NULL,
	`retailer_id` text NOT NULL,
	`rule` text NOT NULL,
	`state` text NOT NULL,
	`severity` text NOT NULL,
	`message` text NOT NULL,
	`started_at` integer NOT NULL,
	`resolved_at` integer,
	`acknowledged_at` integer,
	PRIMARY KEY(`location_id`, `alert_id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `alerts_retailer` ON `alerts` (`retailer_id`,`state`);--> statement-breakpoint
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
CREATE TABLE `dead_letters` (
	`dead_letter_id` text PRIMARY KEY NOT NULL,
	`retailer_id` text NOT NULL,
	`location_id` text NOT NULL,
	`queue` text NOT NULL,
	`kind` text NOT NULL,
	`reason` text NOT NULL,
	`body` text NOT NULL,
	`at` integer NOT NULL
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `dead_letters_retailer` ON `dead_letters` (`retailer_id`);--> statement-breakpoint
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
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`location_id`, `dutchie_inventory_id`, `inventory_id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `inventory_product` ON `inventory` (`location_id`,`product_id`);--> statement-breakpoint
CREATE TABLE `locations` (
	`location_id` text PRIMARY KEY NOT NULL,
	`retailer_id` text NOT NULL,
	`name` text NOT NULL,
	`time_zone` text NOT NULL,
	`endpoint` text NOT NULL,
	`dutchie_location_id` text,
	`profile` text NOT NULL,
	`auth` text NOT NULL,
	`api_key_hint` text NOT NULL,
	`credentials` text NOT NULL,
	`settings` text NOT NULL,
	`webhook_scheme` text NOT NULL,
	`webhook_secrets` text NOT NULL,
	`webhook_secret_hint` text NOT NULL,
	`state` text NOT NULL,
	`last_sync_at` integer,
	`last_success_at` integer,
	`next_sync_at` integer,
	`next_full_at` integer,
	`error_rate_24h` real DEFAULT 0 NOT NULL,
	`created_at` integer NOT NULL,
	`deleted_at` integer
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `locations_retailer` ON `locations` (`retailer_id`);--> statement-breakpoint
CREATE INDEX `locations_due` ON `locations` (`next_sync_at`) WHERE deleted_at is null;--> statement-breakpoint
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
	`status` text NOT NULL,
	`merged_into` text,
	`overrides` text,
	`source` text NOT NULL,
	`source_at` integer NOT NULL,
	`source_rank` integer NOT NULL,
	`content_hash` text NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`location_id`, `product_id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE UNIQUE INDEX `products_dutchie` ON `products` (`location_id`,`dutchie_product_id`);--> statement-breakpoint
CREATE INDEX `products_sku` ON `products` (`location_id`,`sku`);--> statement-breakpoint
CREATE INDEX `products_merged` ON `products` (`location_id`,`merged_into`) WHERE merged_into is not null;--> statement-breakpoint
CREATE TABLE `reviews` (
	`location_id` text NOT NULL,
	`review_id` text NOT NULL,
	`kind` text NOT NULL,
	`state` text NOT NULL,
	`subject` text NOT NULL,
	`reason` text NOT NULL,
	`candidates` text NOT NULL,
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
	`item_count` integer NOT NULL,
	`items_hash` text NOT NULL,
	`source_at` integer NOT NULL,
	`source_rank` integer NOT NULL,
	`content_hash` text NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`location_id`, `sale_id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `sales_completed` ON `sales` (`location_id`,`completed_at`);