CREATE TABLE `alert_channels` (
	`channel_id` text PRIMARY KEY NOT NULL,
	`retailer_id` text NOT NULL,
	`kind` text NOT NULL,
	`sealed` text NOT NULL,
	`target_hint` text NOT NULL,
	`secret_hint` text,
	`rules` text,
	`enabled` integer NOT NULL,
	`position` integer NOT NULL,
	`created_at` integer NOT NULL,
	`last_sent_at` integer,
	`failed_at` integer,
	`last_error` text
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `alert_channels_retailer` ON `alert_channels` (`retailer_id`);--> statement-breakpoint
ALTER TABLE `alerts` ADD `told` text;--> statement-breakpoint
ALTER TABLE `alerts` ADD `notice_at` integer;--> statement-breakpoint
CREATE INDEX `alerts_notice` ON `alerts` (`notice_at`) WHERE notice_at is not null;--> statement-breakpoint
ALTER TABLE `products` ADD `unit_cost` real;--> statement-breakpoint
ALTER TABLE `products` ADD `notes` text;--> statement-breakpoint
ALTER TABLE `reviews` ADD `conflicts` text;--> statement-breakpoint
-- Stores that were connected before a field's authority could be said.
UPDATE `locations` SET `settings` = json_set(`settings`, '$.field_authority', json('{}')) WHERE json_extract(`settings`, '$.field_authority') IS NULL;
