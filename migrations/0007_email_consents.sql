CREATE TABLE `email_consents` (
	`retailer_id` text NOT NULL,
	`address_hash` text NOT NULL,
	`asked` text NOT NULL,
	`confirmed_at` integer,
	PRIMARY KEY(`retailer_id`, `address_hash`)
) WITHOUT ROWID;
