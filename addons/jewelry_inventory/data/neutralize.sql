-- A copy made for tests must not write into the anchor file of the database it came from.
INSERT INTO ir_config_parameter (key, value)
VALUES ('jewelry_inventory.anchor_enabled', 'False')
    ON CONFLICT (key) DO UPDATE SET value = 'False';
