DROP INDEX `locations_due`;--> statement-breakpoint
ALTER TABLE `locations` ADD `wake_at` integer DEFAULT 0;--> statement-breakpoint
CREATE INDEX `locations_wake` ON `locations` (`wake_at`) WHERE deleted_at is null;