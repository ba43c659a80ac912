"""The bytes of a payload go in and its value comes out, strictly: SealError for all bytes that FORMAT.md sections 4 to 7 refuse."""

from __future__ import annotations

import math
import re
import struct
from typing import Any, Mapping, Optional, Sequence

import temporal
from values import (LIMITS, MAX_MS, MAX_SAFE, TYPED, UNDEFINED, BeyondLimit, BigInt, Date, Entries, Instance, Members, SealError, Typed,
                    Types, Undefined, Url, as_integer, is_number)

SIMPLE = {20: False, 21: True, 22: None, 23: UNDEFINED}
FLOATS = {25: '>e', 26: '>f', 27: '>d'}
ABSOLUTE_URL = re.compile(r'[A-Za-z][A-Za-z0-9+.-]*:.')  # the shape only; a full parser of URLs is no part of Python


def decode(data: bytes, dictionary: Sequence[str] = (), types: Types = None, limits: Mapping[str, int] = LIMITS,
           has_temporal: bool = False) -> Any:
    """The value of a payload; SealError PAYLOAD for any other bytes, TYPE_UNKNOWN where only a class is not known."""
    return Reader(data, dictionary, types, limits, has_temporal).payload()


def milliseconds(seconds: float) -> Optional[int]:
    """The time of a Date (section 4, tag 1), or None where it is none. Both products and quotients are float64."""
    product = float(seconds) * 1000
    if not math.isfinite(product):
        return None
    t = math.floor(product)
    time = next((ms for ms in (t, t + 1) if ms / 1000 == seconds), math.floor(product + 0.5))
    return time if abs(time) <= MAX_MS else None


def identity(value: Any) -> Optional[tuple]:
    """Equal for two members of a Set, or keys of a Map, that are one; None for objects, which may look alike."""
    if is_number(value):
        return ('number', 'NaN' if math.isnan(value) else value)
    if isinstance(value, BigInt):
        return ('bigint', int(value))
    return (type(value), value) if value is None or isinstance(value, (bool, str, Undefined)) else None


class Reader:
    is_url = staticmethod(ABSOLUTE_URL.match)

    def __init__(self, data: bytes, dictionary: Sequence[str], types: Types, limits: Mapping[str, int], has_temporal: bool):
        self.data, self.dictionary, self.types, self.limits, self.has_temporal = data, dictionary, types, limits, has_temporal
        self.at = self.count = 0
        self.urls: list[str] = []  # what stood under tag 32

    def payload(self) -> Any:
        if len(self.data) > self.limits['bytes']:
            self.fail(self.limits['bytes'], 'too many bytes', BeyondLimit)
        value = self.item(0)
        if self.at < len(self.data):
            self.fail(self.at, 'bytes after the item')
        return value

    def fail(self, offset: int, why: str, error: type = SealError) -> Any:
        raise error('PAYLOAD', f'{why} (byte {offset})', offset)

    def need(self, size: int) -> None:
        if size > len(self.data) - self.at:
            self.fail(len(self.data), 'the payload ends early')

    def take(self, size: int) -> bytes:
        self.need(size)
        self.at += size
        return self.data[self.at - size:self.at]

    def head(self) -> tuple[int, int, int]:
        """Major type, additional information and argument of the next item (RFC 8949 3)."""
        start = self.at
        self.count += 1
        if self.count > self.limits['items']:
            self.fail(start, 'too many items', BeyondLimit)
        major, info = divmod(self.take(1)[0], 32)
        if info > 27:
            self.fail(start, 'indefinite length or reserved head')
        argument = info if info < 24 else int.from_bytes(self.take(1 << (info - 24)), 'big')
        if info >= 24 and major != 7 and argument < (24, 2**8, 2**16, 2**32)[info - 24]:
            self.fail(start, 'not the shortest head')
        if major in (4, 5):
            self.need(argument * (major - 3))  # a byte at least for each item
        return major, info, argument

    def peek(self) -> tuple[int, int]:
        """Major type and additional information of the next item."""
        self.need(1)
        return divmod(self.data[self.at], 32)

    def deeper(self, start: int, depth: int) -> int:
        if depth >= self.limits['depth']:
            self.fail(start, 'too deep', BeyondLimit)
        return depth + 1

    def item(self, depth: int) -> Any:
        start = self.at
        major, info, argument = self.head()
        if major < 2:
            value = argument if major == 0 else -1 - argument
            return value if abs(value) <= MAX_SAFE else BigInt(value)
        if major == 2:
            return self.take(argument)
        if major == 3:
            return self.text(start, argument)
        if major == 7:
            return self.simple_or_float(start, info, argument)
        depth = self.deeper(start, depth)
        if major == 4:
            return [self.item(depth) for _ in range(argument)]
        if major == 5:
            return self.plain_object(argument, depth)
        return self.tagged(start, argument, depth)

    def text(self, start: int, size: int) -> str:
        try:
            return self.take(size).decode('utf-8')  # strict in Python: no surrogates, no overlong forms, U+FEFF kept
        except UnicodeDecodeError:
            return self.fail(start, 'not UTF-8')

    def simple_or_float(self, start: int, info: int, argument: int) -> Any:
        if info in SIMPLE:
            return SIMPLE[info]
        if info not in FLOATS:
            self.fail(start, 'another simple value')
        value = struct.unpack(FLOATS[info], self.data[start + 1:self.at])[0]
        integer = as_integer(value)
        return value if integer is None else integer

    def plain_object(self, size: int, depth: int) -> dict:
        result: dict = {}
        for _ in range(size):
            start = self.at
            if self.peek()[0] not in (0, 3):
                self.fail(start, 'not a key')
            key = self.item(depth)
            if type(key) is int and key < len(self.dictionary):
                key = self.dictionary[key]
            if type(key) is not str or key == '__proto__' or key in result:
                self.fail(start, 'not a key, or a key twice')
            result[key] = self.item(depth)
        return result

    def unlike(self, depth: int, seen: set) -> Any:
        """A member of a Set or key of a Map: primitive ones differ as values."""
        start = self.at
        value = self.item(depth)
        own = identity(value)
        if own in seen:
            self.fail(start, 'a member or key twice')
        if own is not None:
            seen.add(own)
        return 0 if own == ('number', 0) else value  # -0 as well

    def tagged(self, start: int, tag: int, depth: int) -> Any:
        """The head of the content has to fit before anything in it is read: what comes first in the bytes ends the reading."""
        inner = self.at
        major, info = self.peek()
        wrong = lambda: self.fail(inner, 'wrong content for this tag')
        if tag in (258, 259):  # the content is not a value of its own: it is read under the rules of the tag
            if major != (4 if tag == 258 else 5):
                wrong()
            _, _, size = self.head()
            depth, seen = self.deeper(inner, depth), set()
            if tag == 258:
                return Members([self.unlike(depth, seen) for _ in range(size)])
            return Entries([(self.unlike(depth, seen), self.item(depth)) for _ in range(size)])
        if tag == 27:
            return self.instance(depth) if major == 4 else wrong()
        if tag == 1:
            seconds = self.item(depth) if major < 2 or (major == 7 and info in FLOATS) else wrong()
            ms = milliseconds(seconds) if is_number(seconds) else None
            return wrong() if ms is None else Date(ms)
        if tag == 32:
            url = self.item(depth) if major == 3 else wrong()
            self.urls.append(url)
            return Url(url) if self.is_url(url) else wrong()
        if tag in temporal.TAGS and self.has_temporal:
            return temporal.read(self, tag, depth) or wrong()
        if tag not in TYPED and tag not in (2, 3):
            self.fail(start, f'tag {tag}')
        content = self.item(depth) if major == 2 else wrong()
        if tag in TYPED:
            return Typed(tag, content) if len(content) % struct.calcsize('<' + TYPED[tag][1]) == 0 else wrong()
        if len(content) > self.limits['bignumBytes']:
            self.fail(inner, 'too long a bigint', BeyondLimit)
        if content[:1] == b'\0':
            self.fail(inner, 'a leading zero byte')
        size = int.from_bytes(content, 'big')
        return BigInt(size if tag == 2 else -1 - size)

    def instance(self, depth: int) -> Instance:
        """Section 5. The name decides before the fields are read."""
        start = self.at
        _, _, size = self.head()
        depth = self.deeper(start, depth)
        inner = self.at
        if size == 0 or self.peek()[0] != 3:
            self.fail(start, 'a class without a name')
        name = self.item(depth)
        if self.types is None:
            return Instance(name, [self.item(depth) for _ in range(size - 1)])
        names = self.types.get(name, ())
        if name not in self.types or (size != 2 if names is None else size - 1 > len(names)):
            raise SealError('TYPE_UNKNOWN', f'class {name}', inner)
        fields = [self.item(depth) for _ in range(size - 1)]
        if names is not None:  # a shorter record is an older one
            fields += [UNDEFINED] * (len(names) - len(fields))
        return Instance(name, fields)
