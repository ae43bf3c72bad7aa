DROP INDEX `changes_record`;--> statement-breakpoint
ALTER TABLE `changes` ADD `packed` text;--> statement-breakpoint
CREATE INDEX `changes_record` ON `changes` (`location_id`,`record_id`) WHERE resource <> 'inventory' and record_id <> '';--> statement-breakpoint
CREATE VIEW `entries` AS SELECT c.location_id, c.change_id AS row_id,
	iif(c.packed IS NULL, c.change_id,
		format('%016d', CAST(substr(c.change_id, 1, 16) AS integer) - json_array_length(c.packed) + 1 + e.key) || (e.value ->> 0)) AS change_id,
	coalesce(e.value ->> 3, c.resource) AS resource,
	iif(c.packed IS NULL, c.record_id, e.value ->> 1) AS record_id,
	c.record_ids,
	iif(c.packed IS NULL, iif(c.record_ids IS NULL, c.fields, NULL), e.value ->> 2) AS fields,
	c.cause,
	coalesce(e.value ->> 4, c.ref) AS ref,
	c.at,
	iif(c.packed IS NULL, c.previous, e.value ->> 5) AS previous,
	iif(c.packed IS NULL, c.decided, e.value ->> 6) AS decided
FROM changes c LEFT JOIN json_each(c.packed) e;
