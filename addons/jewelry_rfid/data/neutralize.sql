-- No gateway of the shop may write into a copy made for tests.
DELETE FROM res_users_apikeys
 WHERE user_id IN (SELECT user_id FROM jewelry_rfid_gateway);

UPDATE jewelry_rfid_gateway
   SET active = FALSE;

-- Nor may it set off the siren of the shop.
UPDATE res_company
   SET rfid_alarm_url = NULL, rfid_alarm_secret = NULL;
