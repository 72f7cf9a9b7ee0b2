"""How near a chip is, by the strength of what an antenna hears."""

# At the edge of a reader's field, and on the antenna itself.
_FAINT, _LOUD = -80.0, -30.0


def get_level(rssi):
    """Return the strength of a signal from 0 to 100.

    :param rssi: in dBm; None where the reader does not tell
    :return: None where it is not known
    """
    if rssi is None:
        return None
    share = (rssi - _FAINT) / (_LOUD - _FAINT)
    return round(100 * min(max(share, 0.0), 1.0))
