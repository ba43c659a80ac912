"""A value goes in and the bytes of a payload come out. FORMAT.md sections 4 to 6."""

from __future__ import annotations

import math
import struct
from typing import Any, Sequence

from values import (BigInt, Date, Duration, Entries, Instance, Instant, Members, PlainDate, SealError, Typed, Undefined, Url,
                    as_integer, is_number)


def head(major: int, argument: int) -> bytes:
    """The shortest head (RFC 8949 3, 4.2.1)."""
    for info, size in ((argument, 0), (24, 1), (25, 2), (26, 4), (27, 8)):
        if argument < (24 if size == 0 else 256**size):
            return bytes([major << 5 | info]) + (argument.to_bytes(size, 'big') if size else b'')
    raise SealError('TOO_LARGE', 'a head holds at most 64 bits')


def number(value: float) -> bytes:
    integer = as_integer(value)
    if integer is not None:
        return head(0, integer) if integer >= 0 else head(1, -1 - integer)
    return bytes.fromhex('fb7ff8000000000000') if math.isnan(value) else b'\xfb' + struct.pack('>d', value)


def bigint(value: int) -> bytes:
    """RFC 8949 3.4.3; no bytes at all stand for 0n and -1n."""
    tag, size = (2, int(value)) if value >= 0 else (3, -1 - value)
    digits = size.to_bytes((size.bit_length() + 7) // 8, 'big')
    return head(6, tag) + head(2, len(digits)) + digits


def seconds(tag: int, value: Any) -> bytes:
    """RFC 9581: the nanoseconds are left out if there are none."""
    fine = number(-9) + number(value.nanoseconds) if value.nanoseconds else b''
    return head(6, tag) + head(5, 2 if fine else 1) + number(1) + number(value.seconds) + fine


def unsigned_zero(value: Any) -> Any:
    """What a Set or a Map makes of a member or a key."""
    return 0 if is_number(value) and value == 0 else value


def encode(value: Any, dictionary: Sequence[str] = ()) -> bytes:
    """The bytes of a value; what no payload may hold (a member twice, say) is left to the reader to find."""
    again = lambda item: encode(item, dictionary)
    if isinstance(value, Undefined):
        return b'\xf7'
    if value is None or isinstance(value, bool):
        return {False: b'\xf4', True: b'\xf5', None: b'\xf6'}[value]
    if isinstance(value, BigInt):
        return bigint(value)
    if is_number(value):
        return number(value)
    if isinstance(value, str):
        try:
            text = value.encode('utf-8')
        except UnicodeEncodeError:
            raise SealError('TYPE_UNKNOWN', 'a text with half a surrogate pair') from None
        return head(3, len(text)) + text
    if isinstance(value, bytes):
        return head(2, len(value)) + value
    if isinstance(value, list):
        return head(4, len(value)) + b''.join(map(again, value))
    if isinstance(value, dict):
        key = lambda name: head(0, dictionary.index(name)) if name in dictionary else again(name)
        return head(5, len(value)) + b''.join(key(name) + again(item) for name, item in value.items())
    if isinstance(value, Date):
        return head(6, 1) + number(value.ms / 1000)
    if isinstance(value, Url):
        return head(6, 32) + again(value.href)
    if isinstance(value, Members):
        return head(6, 258) + again([unsigned_zero(item) for item in value.items])
    if isinstance(value, Entries):
        pairs = b''.join(again(unsigned_zero(key)) + again(item) for key, item in value.pairs)
        return head(6, 259) + head(5, len(value.pairs)) + pairs
    if isinstance(value, Typed):
        return head(6, value.tag) + again(value.data)
    if isinstance(value, Instance):
        return head(6, 27) + again([value.name, *value.fields])
    if isinstance(value, PlainDate):
        return head(6, 100) + number(value.days)
    if isinstance(value, (Instant, Duration)):
        return seconds(1001 if isinstance(value, Instant) else 1002, value)
    raise SealError('TYPE_UNKNOWN', f'{type(value).__name__} has no encoding')
