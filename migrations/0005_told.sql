ALTER TABLE `inventory` ADD `told` text;--> statement-breakpoint
ALTER TABLE `products` ADD `told` text;--> statement-breakpoint
ALTER TABLE `sales` ADD `adjustment_of` text;