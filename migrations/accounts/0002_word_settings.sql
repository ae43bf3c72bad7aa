-- Stores from before there were these settings; room types that are not ReUp's are dropped.
UPDATE `locations` SET `settings` = json_set(`settings`, '$.categories', json('{}'), '$.low_stock_threshold', 10, '$.room_types',
	(SELECT json_group_object(`key`, `value`) FROM json_each(`settings`, '$.room_types')
		WHERE `value` IN ('sales_floor', 'vault', 'quarantine', 'secret_menu')));
