CREATE TABLE `counts` (
	`location_id` text NOT NULL,
	`what` text NOT NULL,
	`n` integer NOT NULL,
	PRIMARY KEY(`location_id`, `what`)
) WITHOUT ROWID;
--> statement-breakpoint
ALTER TABLE `dead_letters` ADD `healed_at` integer;--> statement-breakpoint
CREATE INDEX `dead_letters_location` ON `dead_letters` (`location_id`,`at`);--> statement-breakpoint
CREATE TRIGGER `products_counted` AFTER INSERT ON `products` WHEN new.status <> 'deleted' BEGIN
	INSERT INTO counts (location_id, what, n) VALUES (new.location_id, 'products', 1) ON CONFLICT DO UPDATE SET n = n + 1;
END;
--> statement-breakpoint
CREATE TRIGGER `products_recounted` AFTER UPDATE OF `status` ON `products` WHEN (old.status <> 'deleted') <> (new.status <> 'deleted') BEGIN
	INSERT INTO counts (location_id, what, n) VALUES (new.location_id, 'products', iif(new.status <> 'deleted', 1, -1))
		ON CONFLICT DO UPDATE SET n = n + excluded.n;
END;
--> statement-breakpoint
CREATE TRIGGER `products_uncounted` AFTER DELETE ON `products` WHEN old.status <> 'deleted' BEGIN
	UPDATE counts SET n = n - 1 WHERE location_id = old.location_id AND what = 'products';
END;
--> statement-breakpoint
-- Stores that are there already are counted once.
INSERT INTO counts (location_id, what, n) SELECT location_id, 'products', count(*) FROM `products` WHERE products.status <> 'deleted' GROUP BY location_id;
--> statement-breakpoint
CREATE TRIGGER `inventory_counted` AFTER INSERT ON `inventory` WHEN new.quantity <> 0 BEGIN
	INSERT INTO counts (location_id, what, n) VALUES (new.location_id, 'inventory', 1) ON CONFLICT DO UPDATE SET n = n + 1;
END;
--> statement-breakpoint
CREATE TRIGGER `inventory_recounted` AFTER UPDATE OF `quantity` ON `inventory` WHEN (old.quantity <> 0) <> (new.quantity <> 0) BEGIN
	INSERT INTO counts (location_id, what, n) VALUES (new.location_id, 'inventory', iif(new.quantity <> 0, 1, -1))
		ON CONFLICT DO UPDATE SET n = n + excluded.n;
END;
--> statement-breakpoint
CREATE TRIGGER `inventory_uncounted` AFTER DELETE ON `inventory` WHEN old.quantity <> 0 BEGIN
	UPDATE counts SET n = n - 1 WHERE location_id = old.location_id AND what = 'inventory';
END;
--> statement-breakpoint
-- Stores that are there already are counted once.
INSERT INTO counts (location_id, what, n) SELECT location_id, 'inventory', count(*) FROM `inventory` WHERE inventory.quantity <> 0 GROUP BY location_id;
--> statement-breakpoint
CREATE TRIGGER `sales_counted` AFTER INSERT ON `sales` BEGIN
	INSERT INTO counts (location_id, what, n) VALUES (new.location_id, 'sales', 1) ON CONFLICT DO UPDATE SET n = n + 1;
END;
--> statement-breakpoint
CREATE TRIGGER `sales_uncounted` AFTER DELETE ON `sales` BEGIN
	UPDATE counts SET n = n - 1 WHERE location_id = old.location_id AND what = 'sales';
END;
--> statement-breakpoint
-- Stores that are there already are counted once.
INSERT INTO counts (location_id, what, n) SELECT location_id, 'sales', count(*) FROM `sales` GROUP BY location_id;
--> statement-breakpoint
CREATE TRIGGER `reviews_counted` AFTER INSERT ON `reviews` WHEN new.state = 'open' BEGIN
	INSERT INTO counts (location_id, what, n) VALUES (new.location_id, 'reviews', 1) ON CONFLICT DO UPDATE SET n = n + 1;
END;
--> statement-breakpoint
CREATE TRIGGER `reviews_recounted` AFTER UPDATE OF `state` ON `reviews` WHEN (old.state = 'open') <> (new.state = 'open') BEGIN
	INSERT INTO counts (location_id, what, n) VALUES (new.location_id, 'reviews', iif(new.state = 'open', 1, -1))
		ON CONFLICT DO UPDATE SET n = n + excluded.n;
END;
--> statement-breakpoint
CREATE TRIGGER `reviews_uncounted` AFTER DELETE ON `reviews` WHEN old.state = 'open' BEGIN
	UPDATE counts SET n = n - 1 WHERE location_id = old.location_id AND what = 'reviews';
END;
--> statement-breakpoint
-- Stores that are there already are counted once.
INSERT INTO counts (location_id, what, n) SELECT location_id, 'reviews', count(*) FROM `reviews` WHERE reviews.state = 'open' GROUP BY location_id;
--> statement-breakpoint
CREATE TRIGGER `dead_letters_counted` AFTER INSERT ON `dead_letters` WHEN new.healed_at IS NULL BEGIN
	INSERT INTO counts (location_id, what, n) VALUES (new.location_id, 'dead_letters', 1) ON CONFLICT DO UPDATE SET n = n + 1;
END;
--> statement-breakpoint
CREATE TRIGGER `dead_letters_recounted` AFTER UPDATE OF `healed_at` ON `dead_letters` WHEN (old.healed_at IS NULL) <> (new.healed_at IS NULL) BEGIN
	INSERT INTO counts (location_id, what, n) VALUES (new.location_id, 'dead_letters', iif(new.healed_at IS NULL, 1, -1))
		ON CONFLICT DO UPDATE SET n = n + excluded.n;
END;
--> statement-breakpoint
CREATE TRIGGER `dead_letters_uncounted` AFTER DELETE ON `dead_letters` WHEN old.healed_at IS NULL BEGIN
	UPDATE counts SET n = n - 1 WHERE location_id = old.location_id AND what = 'dead_letters';
END;
--> statement-breakpoint
-- Stores that are there already are counted once.
INSERT INTO counts (location_id, what, n) SELECT location_id, 'dead_letters', count(*) FROM `dead_letters` WHERE dead_letters.healed_at IS NULL GROUP BY location_id;
