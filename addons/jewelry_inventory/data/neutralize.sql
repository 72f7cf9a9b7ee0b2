-- A copy made for tests must not write into the anchor file of the database it came from.
INSERT INTO ir_config_parameter (key, value)
VALUES ('jewelry_inventory.anchor_enabled', 'False')
    ON CONFLICT (key) DO UPDATE SET value = 'False';

-- Nor may it ask a laboratory with the key, and the quota, of the shop.
UPDATE res_company
   SET gia_key = NULL;
