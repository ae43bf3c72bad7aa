-- A package's changes name each other, so that the index by record can leave them out (`src/domain/records/history.ts`).
ALTER TABLE `changes` ADD `previous` text;--> statement-breakpoint
ALTER TABLE `inventory` ADD `last_change` text;--> statement-breakpoint
UPDATE `changes` SET `previous` = (
	SELECT max(p.change_id) FROM `changes` p INDEXED BY `changes_record`
	WHERE p.location_id = changes.location_id AND p.record_id = changes.record_id AND p.change_id < changes.change_id)
WHERE resource = 'inventory';--> statement-breakpoint
UPDATE `inventory` SET `last_change` = (
	SELECT max(c.change_id) FROM `changes` c INDEXED BY `changes_record`
	WHERE c.location_id = inventory.location_id AND c.record_id = inventory.inventory_id);--> statement-breakpoint
DROP INDEX `changes_record`;--> statement-breakpoint
CREATE INDEX `changes_record` ON `changes` (`location_id`,`record_id`) WHERE resource <> 'inventory';
