"""Nothing goes in; the names and values of all rows of the worked examples in FORMAT.md sections 8 and 9 come out, in their order."""

from __future__ import annotations

import hashlib
import json
import math

from reader import decode
from sessions import hashed
from tokens import LEAD, Key, checksum, from_base64url, seal_payload, secret_to_text, to_base64url
from values import UNDEFINED, BigInt, Date, Duration, Entries, Instance, Instant, Members, PlainDate, Typed, Url
from writer import encode

NOW = 1767225600
SECRET, RANDOM = bytes(range(32)), bytes(range(0x40, 0x50))
SECOND = bytes(range(0xA0, 0xC0))
PURPOSE, CONTEXT = 'magic-link', b'user:42'
KEY = Key(SECRET)
TEAM = encode({'team': 7})
Rows = list[tuple[str, str]]

VALUES = [
    ('-0', -0.0), ('1.5', 1.5), ('4294967295', 4294967295), ('4294967296', 4294967296), ('-4294967296', -4294967296), ('Number.MAX_SAFE_INTEGER', 2**53 - 1),
    ('2 ** 53', 2.0**53), ('NaN', math.nan), ('0n', BigInt(0)), ('1n', BigInt(1)), ('-1n', BigInt(-1)), ('2n ** 64n', BigInt(2**64)),
    ('-(2n ** 64n)', BigInt(-2**64)), ('undefined', UNDEFINED), ('new Date(1764000000000)', Date(1764000000000)),
    ('new Date(1764000000123)', Date(1764000000123)), ('new Date(4294967296000)', Date(4294967296000)),
    ('new Map([["a", 1], [2, "b"]])', Entries([('a', 1), (2, 'b')])), ('new Set(["x", 1n])', Members(['x', BigInt(1)])),
    ('new URL("https://a.example/?q=1")', Url('https://a.example/?q=1')),
    ('new Uint16Array([1, 258])', Typed(69, bytes([1, 0, 2, 1]))), ('new Uint8Array([1, 2])', bytes([1, 2])),
    ('new Person("Ada", undefined)', Instance('Person', ['Ada', UNDEFINED])),
    ('{ email: "a", x: 1 }', {'email': 'a', 'x': 1}),
]
DICTIONARY = ['userId', 'email']
TEMPORAL = [
    ('Temporal.PlainDate.from("2026-01-01")', PlainDate(20454)),
    ('Temporal.Instant.from("2026-01-01T00:00:00Z")', Instant(NOW, 0)),
    ('Temporal.Instant.from("1969-12-31T23:59:59.75Z")', Instant(-1, 750_000_000)),
    ('Temporal.Duration.from("-PT1.5S")', Duration(-1, -500_000_000)),
]
FOREIGN = ['f93c00', 'fb3ff0000000000000', 'f93e00', 'fa47c35000', 'f98000', 'f97e00', 'fbfff0000000000001', '1b0020000000000000',
           '3bffffffffffffffff', 'c1f93c00', 'c1fb41da49204007e6b7', 'd9010281f98000']


def keys() -> Rows:
    subkey = lambda mode: (f'subkey, {mode}, info `{LEAD[mode]:x}` ‖ `magic-link`', KEY.subkey(mode, PURPOSE).hex())
    digest = hashlib.sha256(b'sealring/key' + SECRET).digest()[:3]
    assert to_base64url(digest) == checksum(SECRET)
    return [('secret', SECRET.hex()), ('SHA-256(utf8("sealring/key") ‖ secret), first 3 bytes', digest.hex()),
            ('its text form', secret_to_text(SECRET)), ('prk', KEY.prk.hex()), ('key id', KEY.id.hex()), subkey('sealed'), subkey('signed')]


def token(mode: str, context: bytes = b'', second: bytes = b'') -> str:
    return seal_payload(KEY, PURPOSE, TEAM, mode=mode, context=context, second=second, random=RANDOM, now=NOW)


def tokens(context: bytes) -> Rows:
    sealed, signed = token('sealed', context), token('signed', context)
    box, mac = from_base64url(sealed) or b'', from_base64url(signed) or b''
    return [('nonce', box[:24].hex()), *([('aad', context.hex())] if context else []), ('ciphertext', box[24:-16].hex()),
            ('tag', box[-16:].hex()), ('bytes', box.hex()), (f'token, {len(sealed)} characters', sealed),
            ('header', mac[:8].hex()), ('mac input', (mac[:-16] + context + len(context).to_bytes(4, 'big')).hex()),
            ('mac', mac[-16:].hex()), ('bytes', mac.hex()), (f'token, {len(signed)} characters', signed)]


def bound() -> Rows:
    rows: Rows = []
    for mode in LEAD:
        text = token(mode, second=SECOND)
        rows += [(f'bound key, {mode}', KEY.subkey(mode, PURPOSE, SECOND).hex()), (f'token, {len(text)} characters', text)]
    return rows


def payloads() -> Rows:
    given = {'dictionary': DICTIONARY}
    rows = [(f'`{name}`', encode(value, **(given if name[0] == '{' else {})).hex()) for name, value in VALUES]
    rows += [(f'`{name}`', encode(value).hex()) for name, value in TEMPORAL]
    return rows + [(f'`{payload}`', encode(decode(bytes.fromhex(payload))).hex()) for payload in FOREIGN]


def session(payload: bytes, context: bytes = b'') -> str:
    return '__Host-login=' + seal_payload(KEY, 'sealring:cookie:__Host-login', payload, context=context, random=RANDOM, now=NOW)


def sessions() -> Rows:
    first_id, second_id, family = (bytes(range(at, at + 12)) for at in (0x80, 0x90, 0xC0))
    flashes = lambda text: Entries([('default', [[0x03020100, text]])])
    first = encode([NOW, {'userId': 42}, first_id, flashes('Saved')])
    second = encode([NOW, {'userId': 42}, second_id, flashes('Welcome'), None, 'ada', NOW, first_id, NOW * 1000])
    entry_id = hashed(b'ended:' + to_base64url(first_id).encode())
    entry = f'M.{to_base64url(first_id)}.{to_base64url(second_id)}.{NOW}..'
    record_head = f'L.{to_base64url(family)}..{NOW}.'
    record = seal_payload(KEY, 'sealring:record:__Host-login', encode([NOW, {'userId': 42}]), context=record_head.encode(), second=SECOND,
                          random=RANDOM, now=NOW)
    subject = seal_payload(KEY, 'sealring:subject', encode('ada'), mode='signed', now=0)
    index_name = hashed(subject.encode())
    return [('first record', first.hex()), ('first cookie', session(first)),
            ('second record', second.hex()), ('second cookie', session(second, b'tenant:a.example')),
            ('id of the entry', entry_id), ('entry', entry),
            ('third cookie', session(encode(SECOND))), ('content', encode(SECOND).hex()),
            ('id of the record', hashed(b'sealring/id' + SECOND)), ('head', record_head), ('bytes of the record', record_head + record),
            ('token of the subject', subject), ('index name', index_name), ('id of the number', hashed(b'number:' + index_name.encode())),
            ('number', f'N.{NOW * 1000}..0.')]


def rows() -> Rows:
    return [*keys(), *tokens(b''), *tokens(CONTEXT), *bound(), *payloads(), *sessions()]


if __name__ == '__main__':
    print(json.dumps(rows(), indent=1, ensure_ascii=False))
