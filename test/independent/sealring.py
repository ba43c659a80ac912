"""JSON lines with a secret and a token, or with a secret and a value, go in; the value, or the token, comes out, one line each.

A second implementation of packages/codec/FORMAT.md, written from that document alone with the standard library of Python 3.9.

    {"do": "open", "key": "sealring_...", "purpose": "...", "token": "..."}
        -> {"ok": true, "value": <notation.py>, "issuedAt": 1767225600, "keyId": "a1b2c3", "payload": "hex"}
         | {"ok": false, "code": "ERR_SEAL_...", "offset": 3}
    {"do": "seal", "key": "...", "purpose": "...", "value": ..., "mode": "sealed" | "signed"} -> {"ok": true, "token": "..."}
        or, to make what no writer makes, "payload": "hex" in place of "value"
    {"do": "session", "key": "...", "name": "login", "header": "__Host-login=..."}
        -> {"ok": true, "session": {"createdAt": 1767225600, "id": "...", "values": [[key, value]], "flashes": {"default": [...]}, ...}}
         | {"ok": false, "rejected": "gone"}
    {"do": "write session", "key": "...", "cookieName": "__Host-login", "session": {"createdAt": ..., "id": ..., "values": [[key, value]], ...}}
        -> {"ok": true, "header": "__Host-login=..."}
    {"do": "selftest"} -> {"ok": true} | {"ok": false, "failed": ["..."]}

Optional in both: "context" (text), "dictionary" (texts), "types" ({"Person": ["firstName", "lastName"], "Money": null}; null stands
for encode and decode), "now" (seconds). To open also "mode", "maxAge" and "clockSkew", to seal "nonce" (hex).
For sessions also "tenant" (text); to read one "store" ("cookie" or "server"), its "maxAge" and "idleTimeout", "records" and "revocations" (texts
by their ids in a backend).
A request that makes no sense is answered {"ok": false, "error": "..."}.
"""

from __future__ import annotations

import json
import sys

from notation import from_notation, to_notation
from payload import SealError
from sessions import Rejected, Store, read_session, write_session
from tokens import (CLOCK_SKEW, LEAD, Key, from_base64url, hkdf_expand, hkdf_extract, hmac_sha256, open_token, seal, seal_payload,
                    secret_from_text)
from xchacha import aead_decrypt, aead_encrypt, hchacha20, xchacha_decrypt, xchacha_encrypt


def selftest() -> list[str]:
    """The names of the published vectors that do not come out."""
    hex_ = bytes.fromhex
    key, aad = bytes(range(0x80, 0xA0)), hex_('50515253c0c1c2c3c4c5c6c7')
    text = (b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.")
    rfc8439 = hex_('d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d63dbea45e8ca9671282fafb69da92728b'
                   '1a71de0a9e060b2905d6a5b67ecd3b3692ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc'
                   '3ff4def08e4b7a9de576d26586cec64b61161ae10b594f09e26a7e902ecbd0600691')
    draft = hex_('bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb731c7f1b0b4aa6440bf3a82f4eda7e39'
                 'ae64c6708c54c216cb96b72e1213b4522f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9'
                 '21f9664c97637da9768812f615c68b13b52ec0875924c1c7987947deafd8780acf49')
    nonce12, nonce24 = hex_('070000004041424344454647'), bytes(range(0x40, 0x58))
    prk = hkdf_extract(bytes(range(13)), b'\x0b' * 22)
    results = {
        'RFC 8439 2.8.2, encrypt': aead_encrypt(key, nonce12, text, aad) == rfc8439,
        'RFC 8439 2.8.2, decrypt': aead_decrypt(key, nonce12, rfc8439, aad) == text,
        'RFC 8439 2.8.2, changed tag': aead_decrypt(key, nonce12, rfc8439[:-1] + b'\x90', aad) is None,
        'XChaCha draft 2.2.1, HChaCha20': hchacha20(bytes(range(32)), hex_('000000090000004a0000000031415927'))
        == hex_('82413b4227b27bfed30e42508a877d73a0f9e4d58a74a853c12ec41326d3ecdc'),
        'XChaCha draft A.3.1, encrypt': xchacha_encrypt(key, nonce24, text, aad) == draft,
        'XChaCha draft A.3.1, decrypt': xchacha_decrypt(key, nonce24, draft, aad) == text,
        'RFC 5869 A.1, PRK': prk == hex_('077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5'),
        'RFC 5869 A.1, OKM': hkdf_expand(prk, bytes(range(0xF0, 0xFA)), 42)
        == hex_('3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865'),
        'RFC 4231 4.2': hmac_sha256(b'\x0b' * 20, b'Hi There')
        == hex_('b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7'),
        'RFC 4231 4.3': hmac_sha256(b'Jefe', b'what do ya want for nothing?')
        == hex_('5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843'),
        'RFC 4231 4.6, first 128 bits': hmac_sha256(b'\x0c' * 20, b'Test With Truncation')[:16]
        == hex_('a3b6167473100ee06e0c796c2955552b'),
        'base64url, spare bits': from_base64url('AB') is None and from_base64url('AA') == b'\0',
    }
    return [name for name, passed in results.items() if not passed]


def answer(request: dict) -> dict:
    if request['do'] == 'selftest':
        failed = selftest()
        return {'ok': not failed, **({'failed': failed} if failed else {})}
    key = Key(secret_from_text(request['key']))
    if 'session' in request['do']:
        return answer_session(key, request)
    purpose = request['purpose']
    shared = {'dictionary': request.get('dictionary', ()), 'types': request.get('types')}
    own = {'context': request.get('context', '').encode('utf-8'), 'now': request.get('now')}
    try:
        if request['do'] == 'open':
            keys = [(key, mode) for mode in LEAD if request.get('mode', mode) == mode]
            opened = open_token(keys, purpose, request['token'], max_age=request.get('maxAge'),
                                clock_skew=request.get('clockSkew', CLOCK_SKEW), **shared, **own)
            return {'ok': True, 'value': to_notation(opened.value), 'issuedAt': opened.issued_at,
                    'keyId': opened.key_id.hex(), 'payload': opened.payload.hex()}
        if request['do'] != 'seal':
            raise ValueError('"do" is open, seal or selftest')
        own['mode'] = request.get('mode', 'sealed')
        own['nonce'] = bytes.fromhex(request['nonce']) if 'nonce' in request else None
        if 'payload' in request:
            return {'ok': True, 'token': seal_payload(key, purpose, bytes.fromhex(request['payload']), **own)}
        return {'ok': True, 'token': seal(key, purpose, from_notation(request['value']), **shared, **own)}
    except SealError as error:
        return {'ok': False, 'code': error.code, 'message': str(error), **({} if error.offset is None else {'offset': error.offset})}


def answer_session(key: Key, request: dict) -> dict:
    own = {'now': request.get('now'), 'tenant': request.get('tenant')}
    if request['do'] == 'write session':
        nonce = bytes.fromhex(request['nonce']) if 'nonce' in request else None
        cookies = write_session(key, request['cookieName'], request['session'], nonce=nonce, mode=request.get('mode', 'sealed'), **own)
        return {'ok': True, 'header': '; '.join(f'{name}={value}' for name, value in cookies)}
    options = {option: request[option] for option in ('records', 'revocations') if option in request}
    store = Store([key], is_server=request.get('store') == 'server', max_age=request.get('maxAge'), idle_timeout=request.get('idleTimeout'), **options)
    try:
        return {'ok': True, 'session': read_session(store, request['name'], request['header'], **own)}
    except Rejected as rejected:
        return {'ok': False, 'rejected': str(rejected)}


def main() -> int:
    if '--selftest' in sys.argv[1:]:
        failed = selftest()
        print('\n'.join(f'FAILED {name}' for name in failed) or 'all published vectors come out')
        return 1 if failed else 0
    for line in sys.stdin:
        try:
            reply = answer(json.loads(line))
        except Exception as error:  # one bad request must not end the answers to the others
            reply = {'ok': False, 'error': f'{type(error).__name__}: {error}'}
        print(json.dumps(reply, allow_nan=False), flush=True)
    return 0


if __name__ == '__main__':
    sys.exit(main())
