"""The tags 100, 1001 and 1002 of a payload go in, and a date, an instant or a duration comes out. FORMAT.md section 4, on request."""

from __future__ import annotations

from typing import Any, Optional

from values import MAX_MS, MAX_SAFE, Duration, Instant, PlainDate

TAGS = (100, 1001, 1002)
MIN_DAY, MAX_DAY = -100_000_001, 100_000_000  # ECMAScript's Temporal.PlainDate has one day more at the start
SECONDS, NANOSECONDS = 1, -9


def read(reader: Any, tag: int, depth: int) -> Any:
    """The value, or None for content that the tag cannot have."""
    if tag == 100:
        days = integer(reader, depth)
        return PlainDate(days) if days is not None and MIN_DAY <= days <= MAX_DAY else None
    fields = read_fields(reader, depth)
    if fields is None:
        return None
    seconds, nanoseconds = fields[SECONDS], fields.get(NANOSECONDS, 0)
    if tag == 1002:
        is_signed = seconds <= 0 and nanoseconds <= 0 or seconds >= 0 and nanoseconds >= 0
        return Duration(seconds, nanoseconds) if is_signed else None
    in_range = nanoseconds >= 0 and -MAX_MS * 10**6 <= seconds * 10**9 + nanoseconds <= MAX_MS * 10**6
    return Instant(seconds, nanoseconds) if in_range else None


def read_fields(reader: Any, depth: int) -> Optional[dict]:
    if reader.peek()[0] != 5:
        return None
    start = reader.at
    _, _, size = reader.head()
    depth = reader.deeper(start, depth)
    fields: dict = {}
    for _ in range(size):
        key = integer(reader, depth)
        value = integer(reader, depth) if key in (SECONDS, NANOSECONDS) and key not in fields else None
        if value is None or (key == NANOSECONDS and not 1 <= abs(value) <= 999_999_999):
            return None
        fields[key] = value
    return fields if SECONDS in fields else None


def integer(reader: Any, depth: int) -> Optional[int]:
    """An item of major type 0 or 1, no float and no bigint."""
    value = reader.item(depth) if reader.peek()[0] < 2 else None
    return value if value is not None and abs(value) <= MAX_SAFE else None
