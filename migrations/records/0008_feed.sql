DROP INDEX `changes_record`;--> statement-breakpoint
ALTER TABLE `changes` ADD `record_ids` text;--> statement-breakpoint
CREATE INDEX `changes_record` ON `changes` (`location_id`,`record_id`) WHERE resource <> 'inventory' and record_ids is null;--> statement-breakpoint
-- The ids of entries begin with a number from here on (src/domain/records/sequence.ts): at least 1,000 × the time, and each greater
-- than the one before.
CREATE TABLE `numbered` (`location_id` text, `change_id` text, `next` text, PRIMARY KEY(`location_id`, `change_id`)) WITHOUT ROWID;--> statement-breakpoint
INSERT INTO `numbered` SELECT `location_id`, `change_id`, format('%016d', place + max(`at` * 1000 - place) OVER (
  PARTITION BY `location_id` ORDER BY `change_id` ROWS UNBOUNDED PRECEDING)) || substr(`change_id`, 10)
FROM (SELECT *, row_number() OVER (PARTITION BY `location_id` ORDER BY `change_id`) AS place FROM `changes`);--> statement-breakpoint
UPDATE `inventory` SET `last_change` = (
  SELECT n.`next` FROM `numbered` n WHERE n.`location_id` = `inventory`.`location_id` AND n.`change_id` = `inventory`.`last_change`)
WHERE `last_change` IS NOT NULL;--> statement-breakpoint
UPDATE `changes` SET `previous` = (
  SELECT n.`next` FROM `numbered` n WHERE n.`location_id` = `changes`.`location_id` AND n.`change_id` = `changes`.`previous`)
WHERE `previous` IS NOT NULL;--> statement-breakpoint
UPDATE `changes` SET `change_id` = (
  SELECT n.`next` FROM `numbered` n WHERE n.`location_id` = `changes`.`location_id` AND n.`change_id` = `changes`.`change_id`);--> statement-breakpoint
DROP TABLE `numbered`;
