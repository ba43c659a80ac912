"""The vector files of test/codec/vectors go in and are written again, as this implementation makes or reads them.

    python3 vectors.py tokens          seals the values of tokens.json again
    python3 vectors.py foreign ROWS    foreign-cbor.json out of what cbor2 writes (Debian: python3-cbor2) and of ROWS, a file with the
                                       answer of the program in go/ to {"do": "spellings"}
"""

from __future__ import annotations

import collections
import datetime
import json
import math
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any, Iterator
from uuid import UUID

from notation import from_notation, to_notation
from reader import decode
from tokens import Key, seal
from values import SealError
from writer import encode

FOLDER = Path(__file__).parent.parent / 'codec/vectors'
NOW = 1767225600
TYPES = {'Person': ['first', 'last'], 'Money': None}


def write(name: str, about: str, field: str, rows: list[dict]) -> None:
    text = ',\n  '.join(json.dumps(row, ensure_ascii=False, separators=(',', ':')) for row in rows)
    (FOLDER / name).write_text(f'{{\n "about": {json.dumps(about, ensure_ascii=False)},\n "{field}": [\n  {text}\n ]\n}}\n')


def tokens() -> None:
    key = Key(bytes((32 + 7 * at) % 256 for at in range(32)))
    rows = json.loads((FOLDER / 'tokens.json').read_text())['tokens']
    for row in rows:
        row['token'] = seal(key, 'test', from_notation(row['value']), types=None, mode=row['mode'], context=row['context'].encode(),
                            random=bytes(range(0x40, 0x50)), now=NOW)
    write('tokens.json', 'Tokens made by the Python implementation in test/independent. Key: bytes (32 + 7 * i) mod 256, purpose "test", '
          'issued at 1767225600, random bytes 40 41 … 4f. Append-only.', 'tokens', rows)


def of_cbor2() -> Iterator[tuple[str, str, bytes]]:
    import cbor2
    utc, stamps = datetime.timezone.utc, {'datetime_as_timestamp': True}
    at = datetime.datetime(2025, 11, 24, 16, 0, 0, 123456, utc)
    point = collections.namedtuple('point', 'x y')
    given: list[tuple[str, Any, dict]] = [
        ('2**53 - 1', 2**53 - 1, {}), ('2**53', 2**53, {}), ('-2**53', -2**53, {}), ('-2**64', -2**64, {}), ('2**64', 2**64, {}),
        ('1.0', 1.0, {}), ('1.0', 1.0, {'canonical': True}), ('1.5', 1.5, {'canonical': True}), ('100000.5', 100000.5, {'canonical': True}),
        ('0.1', 0.1, {'canonical': True}), ('-0.0', -0.0, {'canonical': True}), ('math.nan', math.nan, {}), ('-math.inf', -math.inf, {}),
        ('datetime with microseconds', at, stamps), ('datetime of a whole second', at.replace(microsecond=0), stamps), ('datetime', at, {}),
        ('date', at.date(), {**stamps, 'date_as_datetime': True, 'timezone': utc}),
        ('dict', {'b': 1, 'aa': 2}, {}), ('dict', {'b': 1, 'aa': 2}, {'canonical': True}), ('dict with a number as key', {1: 'a'}, {}),
        ('CBORTag(259, dict)', cbor2.CBORTag(259, {1: 'a'}), {}), ('CBORTag(32, str)', cbor2.CBORTag(32, 'https://a.example/'), {}),
        ('set', {'a'}, {}), ('frozenset', frozenset(['a']), {}), ('tuple', (1, None), {}), ('namedtuple', point(1, 2), {}),
        ('bytes', b'\1\2', {}), ('bytearray', bytearray(b'\1\2'), {}), ('undefined', cbor2.undefined, {}), ('Decimal', Decimal('1.5'), {}),
        ('UUID', UUID(int=1), {}), ('list with one list twice', (lambda one: [one, one])([1]), {'value_sharing': True}),
    ]
    for what, value, options in given:
        shown = ', '.join(f'{name}={option}' for name, option in options.items())
        yield f'dumps({shown})', what, cbor2.dumps(value, **options)


def foreign(go_rows: Path) -> None:
    given = [('cbor2 5.4.6', options, what, payload) for options, what, payload in of_cbor2()]
    given += [('fxamacker/cbor 2.4.0', options, what, bytes.fromhex(payload)) for options, what, payload in json.loads(go_rows.read_text())['rows']]
    rows, seen = [], set()
    for by, options, what, payload in given:
        if (by, what, payload) in seen:
            continue
        seen.add((by, what, payload))
        try:
            value = decode(payload)
            verdict = {'value': to_notation(value), 'again': encode(value).hex()}
        except SealError as error:
            verdict = {'code': error.code}
        rows.append({'by': by, 'options': options, 'what': what, 'hex': payload.hex(), **verdict})
    write('foreign-cbor.json', 'What other libraries write, with the value that a reader makes of it and the payload that a writer makes of that '
          'value again, or the code with which a reader refuses it. Values as in hostile-cbor.json. Made by test/independent/vectors.py.',
          'vectors', rows)


if __name__ == '__main__':
    if sys.argv[1:] == ['tokens']:
        tokens()
    elif sys.argv[1:2] == ['foreign'] and len(sys.argv) == 3:
        foreign(Path(sys.argv[2]))
    else:
        sys.exit(__doc__)
