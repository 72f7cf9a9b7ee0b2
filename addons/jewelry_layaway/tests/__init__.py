from . import test_ending, test_layaway, test_schedule
