"""Names shared by the models of this room."""

DEVICE_GROUP = "jewelry_rfid.group_device"
STAFF_GROUP = "jewelry_inventory.group_staff"

#: All that a device may ask of the server.
DEVICE_PATHS = frozenset(
    {
        "/json/2/jewelry.rfid.batch/register_batch",
        "/json/2/jewelry.rfid.reader/heartbeat",
    }
)

#: What a browser listens to that shows the wall, and what it hears.
WALL_CHANNEL = "jewelry_rfid_wall"

#: What staff's screens listen to for pieces at doors.
ALARM_CHANNEL = "jewelry_rfid_alarm"
#: What the window hears in which somebody looks for a piece: on their own channel only.
SIGNAL = "jewelry_rfid_signal"
#: What a browser listens to that shows a count by readers.
COUNT_CHANNEL = "jewelry_rfid_count"

#: So many days sightings are kept, unless the parameter says otherwise.
KEEP_DAYS = 90
KEEP_PARAMETER = "jewelry_rfid.sighting_days"

# Context key: labels are being printed whose chips the printer writes.
WRITING = "rfid_writing"
