ALTER TABLE `changes` ADD `decided` text;--> statement-breakpoint
ALTER TABLE `reviews` ADD `resolved_reason` text;