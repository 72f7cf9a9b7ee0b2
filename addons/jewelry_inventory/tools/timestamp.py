"""Time stamps by a third party (RFC 3161): what to ask an authority, and what it answered.

Asking takes five fields in DER, so no library is needed. The answer is kept as it came; whether
the authority really signed it is checked with its certificate: `openssl ts -verify`.
"""

import os
from hashlib import sha256

MEDIA_TYPE = "application/timestamp-query"
_SHA256 = bytes.fromhex("300d06096086480165030402010500")
_NONCE_BYTES = 8
_GRANTED = (0, 1)


class TimestampError(Exception):
    """The answer is no time stamp of what was asked for."""


def make_request(message, nonce=None):
    """Return the request (DER) for a time stamp of `message`, and what its answer must contain.

    :param int nonce: a number that makes the answer one to this request; drawn by default
    """
    nonce = int.from_bytes(os.urandom(_NONCE_BYTES)) if nonce is None else nonce
    number = _encode(0x02, nonce.to_bytes(nonce.bit_length() // 8 + 1))
    imprint = _encode(0x30, _SHA256 + _encode(0x04, sha256(message).digest()))
    body = b"\x02\x01\x01" + imprint + number + b"\x01\x01\xff"
    return _encode(0x30, body), (imprint, number)


def check_answer(answer, expected):
    """Refuse an answer that grants nothing or stamps something else.

    :param bytes answer: DER of a TimeStampResp
    :param expected: second value of `make_request`
    :raises TimestampError:
    """
    try:
        _tag, content, rest = _decode(answer)
        _tag, status, token = _decode(content)
        _tag, number, _more = _decode(status)
    except IndexError as error:
        raise TimestampError("unreadable") from error
    if rest or int.from_bytes(number, "big") not in _GRANTED or not token:
        raise TimestampError("refused")
    if any(part not in token for part in expected):
        raise TimestampError("of something else")


def _encode(tag, content):
    size = len(content)
    length = bytes([size]) if size < 0x80 else bytes([0x81, size])
    return bytes([tag]) + length + content


def _decode(data):
    """Return tag, content and what follows of the first value in DER."""
    size, start = data[1], 2
    if size & 0x80:
        start += size & 0x7F
        size = int.from_bytes(data[2:start], "big")
    if start + size > len(data):
        raise IndexError(size)
    return data[0], data[start : start + size], data[start + size :]
