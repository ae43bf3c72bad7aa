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
ALTER TABLE `locations` ADD `customer_pepper` text;--> statement-breakpoint
ALTER TABLE `sales` ADD `customer_key` text;--> statement-breakpoint
CREATE INDEX `sales_customer` ON `sales` (`location_id`,`customer_key`,`completed_at`) WHERE customer_key is not null;