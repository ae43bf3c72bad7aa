DROP INDEX `changes_record`;--> statement-breakpoint
ALTER TABLE `changes` ADD `record_ids` text;--> statement-breakpoint
CREATE INDEX `changes_record` ON `changes` (`location_id`,`record_id`) WHERE record_ids is null;--> statement-breakpoint
-- The ids of entries begin with a number from here on (src/domain/records/sequence.ts): at least 1,000 × the time, and each greater
-- than the one before.
UPDATE `changes` SET `change_id` = format('%016d', numbered.n) || substr(`changes`.`change_id`, 10) FROM (
  SELECT `location_id`, `change_id`, place + max(`at` * 1000 - place) OVER (
    PARTITION BY `location_id` ORDER BY `change_id` ROWS UNBOUNDED PRECEDING) AS n
  FROM (SELECT *, row_number() OVER (PARTITION BY `location_id` ORDER BY `change_id`) AS place FROM `changes`)
) AS numbered
WHERE `changes`.`location_id` = numbered.`location_id` AND `changes`.`change_id` = numbered.`change_id`;
