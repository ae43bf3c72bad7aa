-- The lines of a sale go into its row (`src/db/sale-lines.ts`). Sales whose lines are rolled up into days had none.
ALTER TABLE `sales` ADD `lines` text;--> statement-breakpoint
UPDATE `sales` SET `lines` = (
	SELECT json_group_array(json_array(i.line_id, i.product_id, i.dutchie_product_id, i.quantity, i.unit_price, i.unit_cost, i.discount, i.total,
		json(iif(i.is_returned, 'true', 'false'))) ORDER BY i.line_id)
	FROM `sale_items` i WHERE i.location_id = sales.location_id AND i.sale_id = sales.sale_id)
WHERE EXISTS (SELECT 1 FROM `sale_items` i WHERE i.location_id = sales.location_id AND i.sale_id = sales.sale_id);--> statement-breakpoint
DROP TABLE `sale_items`;
