ALTER TABLE `inventory` ADD `created_by` text;--> statement-breakpoint
ALTER TABLE `products` ADD `created_by` text;