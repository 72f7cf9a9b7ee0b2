"""Names shared by the models of this room."""

# Context key: labels are being printed whose chips the printer writes.
WRITING = "rfid_writing"
