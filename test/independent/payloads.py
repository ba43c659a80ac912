"""Payloads go in, one a line in hex, and what a strict reader makes of them comes out, one line of JSON each, fast enough for 100,000.

    ["ok", "<the same value as a writer in JavaScript writes it, in hex>", ["<each URL>"]]
    ["PAYLOAD" or "TYPE_UNKNOWN", "", ["<each URL before it>"]]

URLs are not parsed here. A reader says PAYLOAD whatever stands here if its parser refuses one of those listed.
Options, each followed by JSON: --types {"Person": ["first", "last"], "Box": null}, --dictionary ["a", "b"], --temporal true.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from reader import Reader
from values import LIMITS, Entries, Instance, Members, SealError
from writer import encode


class AnyUrl(Reader):
    is_url = staticmethod(lambda text: True)


def is_index(key: str) -> bool:
    """Whether JavaScript moves a key of an object to the front."""
    return key.isascii() and key.isdigit() and str(int(key)) == key and int(key) < 2**32 - 1


def in_order(value: Any) -> Any:
    """The value with the keys of objects as JavaScript sorts them."""
    if isinstance(value, dict):
        first = sorted((key for key in value if is_index(key)), key=int)
        return {key: in_order(value[key]) for key in [*first, *(key for key in value if not is_index(key))]}
    if isinstance(value, list):
        return [in_order(item) for item in value]
    if isinstance(value, Members):
        return Members(in_order(value.items))
    if isinstance(value, Entries):
        return Entries([(in_order(key), in_order(item)) for key, item in value.pairs])
    return Instance(value.name, in_order(value.fields)) if isinstance(value, Instance) else value


def main(arguments: list[str]) -> None:
    options = {name: json.loads(given) for name, given in zip(arguments[::2], arguments[1::2])}
    dictionary = options.get('--dictionary', [])
    for line in sys.stdin:
        reader = AnyUrl(bytes.fromhex(line), dictionary, options.get('--types', {}), LIMITS, options.get('--temporal', False))
        try:
            answer = ['ok', encode(in_order(reader.payload()), dictionary).hex(), reader.urls]
        except SealError as error:
            answer = [error.code.replace('ERR_SEAL_', ''), '', reader.urls]
        print(json.dumps(answer))


if __name__ == '__main__':
    main(sys.argv[1:])
