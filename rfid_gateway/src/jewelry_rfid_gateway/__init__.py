"""Takes tag reads from RFID readers and hands them, smoothed, to a jewelry store in Odoo."""

__version__ = "1.0.0"
