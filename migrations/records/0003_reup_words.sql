-- Room types and categories are ReUp's enumerations from here on: what was stored is mapped again from Dutchie's words.
ALTER TABLE `inventory` DROP COLUMN `room_type`;--> statement-breakpoint
ALTER TABLE `inventory` ADD `room_type` text;--> statement-breakpoint
ALTER TABLE `inventory` ADD `reserved_quantity` real DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX `inventory_unmapped` ON `inventory` (`location_id`) WHERE room_type is null;--> statement-breakpoint
ALTER TABLE `rooms` DROP COLUMN `room_type`;--> statement-breakpoint
ALTER TABLE `rooms` ADD `room_type` text;--> statement-breakpoint
ALTER TABLE `rooms` ADD `flags` text;--> statement-breakpoint
ALTER TABLE `rooms` ADD `former_names` text;--> statement-breakpoint
ALTER TABLE `products` ADD `reup_category` text;--> statement-breakpoint
ALTER TABLE `products` ADD `reup_subcategory` text;--> statement-breakpoint
CREATE INDEX `products_unmapped` ON `products` (`location_id`) WHERE reup_category is null;
