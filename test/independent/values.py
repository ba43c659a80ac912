"""What a payload can hold, as Python values. None, bool, int and float (both a number), str, bytes, list and dict stand for themselves."""

from __future__ import annotations

import math
from typing import Any, Mapping, NamedTuple, Optional, Sequence

LIMITS = {'bytes': 65536, 'depth': 32, 'items': 4096, 'bignumBytes': 1024}
MAX_SAFE = 2**53 - 1
MAX_MS = 8_640_000_000_000_000
# tag: name, letter of the struct module (RFC 8746 2.1; all of these are little-endian)
TYPED = {68: ('Uint8ClampedArray', 'B'), 72: ('Int8Array', 'b'), 69: ('Uint16Array', 'H'), 77: ('Int16Array', 'h'),
         84: ('Float16Array', 'e'), 70: ('Uint32Array', 'I'), 78: ('Int32Array', 'i'), 85: ('Float32Array', 'f'),
         71: ('BigUint64Array', 'Q'), 79: ('BigInt64Array', 'q'), 86: ('Float64Array', 'd')}


class SealError(Exception):
    def __init__(self, code: str, message: str, offset: Optional[int] = None):
        super().__init__(message)
        self.code, self.offset = 'ERR_SEAL_' + code, offset


class BeyondLimit(SealError):
    """Well formed, as far as it was read, but more than a reader takes."""


class Undefined:
    pass


UNDEFINED = Undefined()


class BigInt(int):
    """A JavaScript bigint, which is not the number of the same size."""


class Date(NamedTuple):
    ms: int


class Url(NamedTuple):
    href: str


class Members(NamedTuple):
    """A Set."""
    items: list


class Entries(NamedTuple):
    """A Map."""
    pairs: list


class Typed(NamedTuple):
    """A typed array other than Uint8Array: its tag and its bytes."""
    tag: int
    data: bytes


class Instance(NamedTuple):
    name: str
    fields: list


class PlainDate(NamedTuple):
    days: int


class Instant(NamedTuple):
    seconds: int
    nanoseconds: int


class Duration(NamedTuple):
    seconds: int
    nanoseconds: int


# A registered class: the names of its fields, or None for one registered by encode and decode. Without a table every class is read as
# it stands, which no server may do; a tool that shows tokens may.
Types = Optional[Mapping[str, Optional[Sequence[str]]]]


def is_number(value: Any) -> bool:
    return type(value) in (int, float)


def as_integer(value: float) -> Optional[int]:
    """The integer that a number is written as (section 4), or None: -0, fractions and whatever is beyond the safe integers are floats."""
    if not math.isfinite(value) or abs(value) > MAX_SAFE or value != int(value):
        return None
    return None if value == 0 and math.copysign(1, value) < 0 else int(value)
