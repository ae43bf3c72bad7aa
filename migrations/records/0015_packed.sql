DROP INDEX `changes_record`;--> statement-breakpoint
ALTER TABLE `changes` ADD `packed` text;--> statement-breakpoint
CREATE INDEX `changes_record` ON `changes` (`location_id`,`record_id`) WHERE resource <> 'inventory' and record_id <> '';--> statement-breakpoint
CREATE VIEW `entries` AS SELECT c.location_id, c.change_id AS row_id,
	iif(c.packed IS NULL, c.change_id, e.value ->> 0) AS change_id,
	iif(c.packed IS NULL, c.resource, e.value ->> 1) AS resource,
	iif(c.packed IS NULL, c.record_id, e.value ->> 2) AS record_id,
	c.record_ids,
	iif(c.packed IS NULL, iif(c.record_ids IS NULL, c.fields, NULL), e.value ->> 3) AS fields,
	iif(c.packed IS NULL, c.cause, e.value ->> 4) AS cause,
	iif(c.packed IS NULL, c.ref, e.value ->> 5) AS ref,
	iif(c.packed IS NULL, c.at, e.value ->> 6) AS at,
	iif(c.packed IS NULL, c.previous, e.value ->> 7) AS previous,
	iif(c.packed IS NULL, c.decided, e.value ->> 8) AS decided
FROM changes c LEFT JOIN json_each(c.packed) e;
