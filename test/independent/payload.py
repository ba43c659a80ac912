"""A value goes in and the bytes of a payload (FORMAT.md sections 4 to 7) come out, or the other way round, strictly.

Values: None, bool, UNDEFINED, int and float (both a number), BigInt, str, bytes, list, dict (a plain object) and the classes below.
"""

from __future__ import annotations

import math
import re
import struct
from typing import Any, Mapping, NamedTuple, Optional, Sequence

LIMITS = {'bytes': 65536, 'depth': 32, 'items': 4096, 'bignumBytes': 1024}
# tag: name, letter of the struct module (RFC 8746 2.1; all of these are little-endian)
TYPED = {68: ('Uint8ClampedArray', 'B'), 72: ('Int8Array', 'b'), 69: ('Uint16Array', 'H'), 77: ('Int16Array', 'h'),
         84: ('Float16Array', 'e'), 70: ('Uint32Array', 'I'), 78: ('Int32Array', 'i'), 85: ('Float32Array', 'f'),
         71: ('BigUint64Array', 'Q'), 79: ('BigInt64Array', 'q'), 86: ('Float64Array', 'd')}
SIMPLE = {20: False, 21: True, 22: None}
ABSOLUTE_URL = re.compile(r'[A-Za-z][A-Za-z0-9+.-]*:.')  # the shape only; a full parser of URLs is no part of Python


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


# A registered class: the names of its fields, or None for one registered by encode and decode. Without a table every class is read as
# it stands, which no server may do; a tool that shows tokens may.
Types = Optional[Mapping[str, Optional[Sequence[str]]]]


def is_number(value: Any) -> bool:
    return type(value) in (int, float)


def in_integer_range(value: float) -> bool:
    """Whether a number is written as an integer head: everything from -2^32 to 2^32 - 1 except -0."""
    return -2**32 <= value < 2**32 and value == int(value) and not (value == 0 and math.copysign(1, value) < 0)


def milliseconds(seconds: float) -> Optional[int]:
    """The one integer whose thousandth is `seconds` as a float64; both neighbours are tried, as the product may end in exactly .5."""
    product = seconds * 1000
    return next((ms for ms in (math.floor(product), math.ceil(product)) if ms / 1000 == seconds), None)


def head(major: int, argument: int) -> bytes:
    """The shortest head (RFC 8949 3, 4.2.1)."""
    for info, size in ((argument, 0), (24, 1), (25, 2), (26, 4), (27, 8)):
        if argument < (24 if size == 0 else 256**size):
            return bytes([major << 5 | info]) + (argument.to_bytes(size, 'big') if size else b'')
    raise SealError('TOO_LARGE', 'a head holds at most 64 bits')


def number(value: float) -> bytes:
    if math.isnan(value):
        return bytes.fromhex('fb7ff8000000000000')
    if math.isinf(value) or not in_integer_range(value):
        return b'\xfb' + struct.pack('>d', value)
    return head(0, int(value)) if value >= 0 else head(1, -1 - int(value))


def bigint(value: int) -> bytes:
    major, argument = (0, int(value)) if value >= 0 else (1, -1 - value)
    if argument < 2**64 and value != -2**64:  # which section 4 puts on the far side
        return bytes([major << 5 | 27]) + argument.to_bytes(8, 'big')
    size = (argument.bit_length() + 7) // 8
    return head(6, 2 + major) + head(2, size) + argument.to_bytes(size, 'big')  # RFC 8949 3.4.3


def encode(value: Any, dictionary: Sequence[str] = ()) -> bytes:
    """The bytes of a value; what no payload may hold (a member twice, say) is left to decode() to find."""
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
        return head(6, 258) + again(value.items)
    if isinstance(value, Entries):
        return head(6, 259) + head(5, len(value.pairs)) + b''.join(again(k) + again(v) for k, v in value.pairs)
    if isinstance(value, Typed):
        return head(6, value.tag) + again(value.data)
    if isinstance(value, Instance):
        return head(6, 27) + again([value.name, *value.fields])
    raise SealError('TYPE_UNKNOWN', f'{type(value).__name__} has no encoding')


def decode(data: bytes, dictionary: Sequence[str] = (), types: Types = None, limits: Mapping[str, int] = LIMITS) -> Any:
    """The value of a payload; SealError PAYLOAD for any other bytes, TYPE_UNKNOWN where only a class is not known."""
    reader = Reader(data, dictionary, types, limits)
    if len(data) > limits['bytes']:
        reader.fail(limits['bytes'], 'too many bytes', BeyondLimit)
    value = reader.item(0)
    if reader.at < len(data):
        reader.fail(reader.at, 'bytes after the item')
    return value


class Reader:
    def __init__(self, data: bytes, dictionary: Sequence[str], types: Types, limits: Mapping[str, int]):
        self.data, self.dictionary, self.types, self.limits = data, dictionary, types, limits
        self.at = self.count = 0

    def fail(self, offset: int, why: str, error: type = SealError) -> Any:
        raise error('PAYLOAD', f'{why} (byte {offset})', offset)

    def take(self, size: int) -> bytes:
        if size > len(self.data) - self.at:
            self.fail(len(self.data), 'the payload ends early')
        self.at += size
        return self.data[self.at - size:self.at]

    def head(self) -> tuple[int, int, int]:
        """Major type, additional information and argument of the next item (RFC 8949 3)."""
        start = self.at
        self.count += 1
        if self.count > self.limits['items']:
            self.fail(start, 'too many items', BeyondLimit)
        major, info = divmod(self.take(1)[0], 32)
        if info < 24:
            return major, info, info
        if info > 27:
            self.fail(start, 'indefinite length or reserved head')
        argument = int.from_bytes(self.take(1 << (info - 24)), 'big')
        shortest = argument >= (24, 2**8, 2**16, 2**32)[info - 24]
        if not shortest and not (info == 27 and major < 2) and major != 7:
            self.fail(start, 'not the shortest head')
        return major, info, argument

    def peek(self) -> int:
        """Major type of the next item."""
        return self.data[self.at] >> 5 if self.at < len(self.data) else self.fail(self.at, 'the payload ends early')

    def deeper(self, start: int, depth: int) -> int:
        if depth >= self.limits['depth']:
            self.fail(start, 'too deep', BeyondLimit)
        return depth + 1

    def item(self, depth: int) -> Any:
        start = self.at
        major, info, argument = self.head()
        if major < 2:
            value = argument if major == 0 else -1 - argument
            if value == -2**64:
                self.fail(start, '-2^64 with a 64-bit head')
            return BigInt(value) if info == 27 else value
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
        if info == 23:
            return UNDEFINED
        if info != 27:
            self.fail(start, 'simple value or short float')
        value = struct.unpack('>d', argument.to_bytes(8, 'big'))[0]
        if math.isnan(value):
            if argument != 0x7FF8000000000000:
                self.fail(start, 'another NaN than 7ff8000000000000')
        elif not math.isinf(value) and in_integer_range(value):
            self.fail(start, 'an integer as a float')
        return value

    def plain_object(self, size: int, depth: int) -> dict:
        result: dict = {}
        for _ in range(size):
            start = self.at
            if self.peek() not in (0, 3):
                self.fail(start, 'not a key')
            key = self.item(depth)
            if self.dictionary and type(key) is int and 0 <= key < len(self.dictionary):
                key = self.dictionary[key]
            if type(key) is not str or key == '__proto__' or key in result:
                self.fail(start, 'not a key, or a key twice')
            result[key] = self.item(depth)
        return result

    def unlike(self, start: int, value: Any, seen: set) -> Any:
        """A member of a Set or key of a Map: primitive ones differ bytewise, none is -0."""
        if value is None or is_number(value) or isinstance(value, (bool, Undefined, BigInt, str)):
            own = self.data[start:self.at]
            if own in seen or own == bytes.fromhex('fb8000000000000000'):
                self.fail(start, 'a member or key twice, or -0')
            seen.add(own)
        return value

    def members(self, size: int, depth: int) -> list:
        seen: set = set()
        return [self.unlike(self.at, self.item(depth), seen) for _ in range(size)]

    def entries(self, size: int, depth: int) -> list:
        seen: set = set()
        return [(self.unlike(self.at, self.item(depth), seen), self.item(depth)) for _ in range(size)]

    def tagged(self, start: int, tag: int, depth: int) -> Any:
        inner = self.at
        if tag in (258, 259):  # the content is not a value of its own: it is read under the rules of the tag
            major, _, size = self.head()
            if major != (4 if tag == 258 else 5):
                self.fail(inner, 'wrong content for this tag')
            depth = self.deeper(inner, depth)
            return Members(self.members(size, depth)) if tag == 258 else Entries(self.entries(size, depth))
        if tag == 27:
            return self.instance(depth)
        if tag not in TYPED and tag not in (1, 2, 3, 32):
            self.fail(start, f'tag {tag}')
        content = self.item(depth)
        if tag == 1 and is_number(content) and abs(content) <= 8.64e12 and (content != 0 or type(content) is int):  # no -0
            ms = milliseconds(content)
            if ms is not None:
                return Date(ms)
        if tag in (2, 3) and type(content) is bytes and (len(content) >= 9 and content[0] or (tag, content) == (3, 8 * b'\xff')):
            if len(content) > self.limits['bignumBytes']:
                self.fail(inner, 'too long a bigint', BeyondLimit)
            size = int.from_bytes(content, 'big')
            return BigInt(size if tag == 2 else -1 - size)
        if tag == 32 and type(content) is str and ABSOLUTE_URL.match(content):
            return Url(content)
        if tag in TYPED and type(content) is bytes and len(content) % struct.calcsize('<' + TYPED[tag][1]) == 0:
            return Typed(tag, content)
        return self.fail(inner, 'wrong content for this tag')

    def instance(self, depth: int) -> Instance:
        """Section 5. The name decides before the fields are read: what comes first in the bytes ends the reading."""
        start = self.at
        major, _, size = self.head()
        if major != 4:
            self.fail(start, 'wrong content for this tag')
        if size > len(self.data) - self.at:
            self.fail(start, 'the payload ends early')
        depth = self.deeper(start, depth)
        inner = self.at
        if size == 0 or self.peek() != 3:
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
