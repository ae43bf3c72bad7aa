CREATE TABLE `subscription_failures` (
	`subscription_id` text NOT NULL,
	`location_id` text NOT NULL,
	`retailer_id` text NOT NULL,
	`sequence` integer NOT NULL,
	`waiting` integer NOT NULL,
	`failures` integer NOT NULL,
	`failing_since` integer NOT NULL,
	`next_at` integer,
	`parked_at` integer,
	`error` text NOT NULL,
	`alerted` integer DEFAULT false NOT NULL,
	PRIMARY KEY(`subscription_id`, `location_id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `subscription_failures_location` ON `subscription_failures` (`location_id`);--> statement-breakpoint
CREATE TABLE `subscriptions` (
	`subscription_id` text PRIMARY KEY NOT NULL,
	`retailer_id` text NOT NULL,
	`sealed` text NOT NULL,
	`url_hint` text NOT NULL,
	`secret_hint` text NOT NULL,
	`events` text NOT NULL,
	`location_ids` text,
	`enabled` integer NOT NULL,
	`position` integer NOT NULL,
	`created_at` integer NOT NULL,
	`changed_at` integer NOT NULL
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `subscriptions_retailer` ON `subscriptions` (`retailer_id`);