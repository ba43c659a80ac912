"""A payload's value goes in and plain JSON data comes out, or the other way round, so that tests in other languages can state values.

JSON says null, booleans, texts, arrays, objects and numbers; for the rest stands an object whose first key starts with "$".
"""

from __future__ import annotations

import math
import struct
from typing import Any

from values import TYPED, UNDEFINED, BigInt, Date, Duration, Entries, Instance, Instant, Members, PlainDate, Typed, Undefined, Url

TAGS = {name: tag for tag, (name, _) in TYPED.items()}
NUMBERS = {'-0': -0.0, 'NaN': math.nan, 'Infinity': math.inf, '-Infinity': -math.inf}


def to_notation(value: Any) -> Any:
    if isinstance(value, Undefined):
        return {'$undefined': True}
    if isinstance(value, BigInt):
        return {'$bigint': str(value)}
    if isinstance(value, float) and (not math.isfinite(value) or (value == 0 and math.copysign(1, value) < 0)):
        return {'$number': 'NaN' if math.isnan(value) else '-0' if value == 0 else 'Infinity' if value > 0 else '-Infinity'}
    if isinstance(value, bytes):
        return {'$bytes': value.hex()}
    if isinstance(value, Date):
        return {'$date': value.ms}
    if isinstance(value, Url):
        return {'$url': value.href}
    if isinstance(value, Members):
        return {'$set': [to_notation(item) for item in value.items]}
    if isinstance(value, Entries):
        return {'$map': [[to_notation(key), to_notation(item)] for key, item in value.pairs]}
    if isinstance(value, Typed):
        name, letter = TYPED[value.tag]
        elements = [element[0] for element in struct.iter_unpack('<' + letter, value.data)]
        return {'$typed': name, 'values': [str(e) if letter in 'Qq' else to_notation(e) for e in elements]}
    if isinstance(value, Instance):
        return {'$class': value.name, 'fields': [to_notation(field) for field in value.fields]}
    if isinstance(value, PlainDate):
        return {'$plainDate': value.days}
    if isinstance(value, (Instant, Duration)):
        return {'$instant' if isinstance(value, Instant) else '$duration': list(value)}
    if isinstance(value, list):
        return [to_notation(item) for item in value]
    if isinstance(value, dict):
        if any(key.startswith('$') for key in value):  # an object that could be taken for one of the above
            return {'$object': [[key, to_notation(item)] for key, item in value.items()]}
        return {key: to_notation(item) for key, item in value.items()}
    return value


def from_notation(data: Any) -> Any:
    if isinstance(data, list):
        return [from_notation(item) for item in data]
    if not isinstance(data, dict):
        # past the safe integers JSON text may show digits that no float64 holds
        return float(data) if type(data) is int and abs(data) >= 2**53 else data
    kind = next(iter(data), '')
    if not kind.startswith('$'):
        return {key: from_notation(item) for key, item in data.items()}
    content = data[kind]
    if kind == '$typed':
        letter = TYPED[TAGS[content]][1]
        elements = [int(e) if letter in 'Qq' else from_notation(e) for e in data['values']]
        return Typed(TAGS[content], struct.pack(f'<{len(elements)}{letter}', *elements))
    if kind == '$class':
        return Instance(content, from_notation(data['fields']))
    return {
        '$undefined': lambda: UNDEFINED,
        '$bigint': lambda: BigInt(content),
        '$number': lambda: NUMBERS[content],
        '$date': lambda: Date(content),
        '$bytes': lambda: bytes.fromhex(content),
        '$url': lambda: Url(content),
        '$plainDate': lambda: PlainDate(content),
        '$instant': lambda: Instant(*content),
        '$duration': lambda: Duration(*content),
        '$set': lambda: Members(from_notation(content)),
        '$map': lambda: Entries([(from_notation(key), from_notation(item)) for key, item in content]),
        '$object': lambda: {key: from_notation(item) for key, item in content},
    }[kind]()
