CREATE TABLE `settled_items` (
	`location_id` text NOT NULL,
	`kind` text NOT NULL,
	`id` text NOT NULL,
	`retailer_id` text NOT NULL,
	`subject` text NOT NULL,
	`failure` text,
	`since` integer NOT NULL,
	`action` text NOT NULL,
	`settled_at` integer NOT NULL,
	`settled_by` text NOT NULL,
	`settled_reason` text,
	PRIMARY KEY(`location_id`, `kind`, `id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `settled_items_retailer` ON `settled_items` (`retailer_id`,`settled_at`);