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
	`last_notice` text,
	`notice_at` integer,
	PRIMARY KEY(`location_id`, `alert_id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `alerts_retailer` ON `alerts` (`retailer_id`,`state`);--> statement-breakpoint
CREATE INDEX `alerts_notice` ON `alerts` (`notice_at`) WHERE notice_at is not null;--> statement-breakpoint
CREATE TABLE `dead_letter_counts` (
	`location_id` text PRIMARY KEY NOT NULL,
	`n` integer NOT NULL
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `dead_letters` (
	`dead_letter_id` text PRIMARY KEY NOT NULL,
	`retailer_id` text NOT NULL,
	`location_id` text NOT NULL,
	`queue` text NOT NULL,
	`kind` text NOT NULL,
	`reason` text NOT NULL,
	`body` text NOT NULL,
	`at` integer NOT NULL,
	`healed_at` integer
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `dead_letters_retailer` ON `dead_letters` (`retailer_id`);--> statement-breakpoint
CREATE INDEX `dead_letters_location` ON `dead_letters` (`location_id`,`at`);--> statement-breakpoint
CREATE TABLE `email_consents` (
	`retailer_id` text NOT NULL,
	`address_hash` text NOT NULL,
	`asked` text NOT NULL,
	`confirmed_at` integer,
	PRIMARY KEY(`retailer_id`, `address_hash`)
) WITHOUT ROWID;
--> statement-breakpoint
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
	`shard` text NOT NULL,
	`customer_pepper` text,
	`state` text NOT NULL,
	`last_sync_at` integer,
	`last_success_at` integer,
	`next_sync_at` integer,
	`next_full_at` integer,
	`wake_at` integer DEFAULT 0,
	`error_rate_24h` real DEFAULT 0 NOT NULL,
	`created_at` integer NOT NULL,
	`deleted_at` integer
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `locations_retailer` ON `locations` (`retailer_id`);--> statement-breakpoint
CREATE INDEX `locations_wake` ON `locations` (`wake_at`) WHERE deleted_at is null;--> statement-breakpoint
CREATE TABLE `shards` (
	`shard` text PRIMARY KEY NOT NULL,
	`bytes` integer NOT NULL,
	`checked_at` integer NOT NULL
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TRIGGER `dead_letters_counted` AFTER INSERT ON `dead_letters` WHEN new.healed_at IS NULL BEGIN
	INSERT INTO dead_letter_counts (location_id, n) VALUES (new.location_id, 1) ON CONFLICT DO UPDATE SET n = n + 1;
END;
--> statement-breakpoint
CREATE TRIGGER `dead_letters_recounted` AFTER UPDATE OF `healed_at` ON `dead_letters` WHEN (old.healed_at IS NULL) <> (new.healed_at IS NULL) BEGIN
	INSERT INTO dead_letter_counts (location_id, n) VALUES (new.location_id, iif(new.healed_at IS NULL, 1, -1))
		ON CONFLICT DO UPDATE SET n = n + excluded.n;
END;
--> statement-breakpoint
CREATE TRIGGER `dead_letters_uncounted` AFTER DELETE ON `dead_letters` WHEN old.healed_at IS NULL BEGIN
	UPDATE dead_letter_counts SET n = n - 1 WHERE location_id = old.location_id;
END;
