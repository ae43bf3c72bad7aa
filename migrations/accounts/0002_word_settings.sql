-- Stores from before there were these settings; room types that are not ReUp's are dropped.
UPDATE `locations` SET `settings` = json_set(
	json_insert(`settings`, '$.categories', json('{}'), '$.low_stock_threshold', 10, '$.sales_detail_days', 400),
	'$.room_types',
	json((SELECT json_group_object(`key`, `value`) FROM json_each(`settings`, '$.room_types')
		WHERE `value` IN ('sales_floor', 'vault', 'quarantine', 'secret_menu'))));
