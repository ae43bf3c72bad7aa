ALTER TABLE `products` ADD `unit_cost` real;--> statement-breakpoint
ALTER TABLE `products` ADD `notes` text;--> statement-breakpoint
ALTER TABLE `reviews` ADD `conflicts` text;--> statement-breakpoint
-- Stores that were connected before a field's authority could be said.
UPDATE `locations` SET `settings` = json_set(`settings`, '$.field_authority', json('{}')) WHERE json_extract(`settings`, '$.field_authority') IS NULL;
