CREATE TABLE `roll_ups` (
	`location_id` text NOT NULL,
	`what` text NOT NULL,
	`until` integer NOT NULL,
	PRIMARY KEY(`location_id`, `what`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `sales_days` (
	`location_id` text NOT NULL,
	`day` text NOT NULL,
	`product_id` text NOT NULL,
	`quantity` real NOT NULL,
	`revenue` real NOT NULL,
	`discount` real NOT NULL,
	`cost` real NOT NULL,
	`line_count` integer NOT NULL,
	PRIMARY KEY(`location_id`, `day`, `product_id`)
) WITHOUT ROWID;
