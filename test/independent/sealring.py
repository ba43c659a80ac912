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
    {"do": "examples"} -> {"ok": true, "rows": [["name", "value"]]}, the worked examples of FORMAT.md

Optional in both: "context" (text), "secret" (hex), "dictionary" (texts), "types" ({"Person": ["firstName", "lastName"], "Money": null};
null stands for encode and decode), "now" (seconds). To open also "mode", "maxAge" and "clockSkew", to seal "random" (hex).
For sessions also "tenant" (text); to read one "store" ("cookie" or "server"), its "maxAge" and "idleTimeout", "records" and "revocations" (texts
by their ids in a backend).
A request that makes no sense is answered {"ok": false, "error": "..."}.
"""

from __future__ import annotations

import json
import sys

from examples import rows
from notation import from_notation, to_notation
from selftest import selftest
from sessions import Rejected, Store, read_session, write_session
from tokens import CLOCK_SKEW, LEAD, Key, open_token, seal, seal_payload, secret_from_text
from values import SealError


def answer(request: dict) -> dict:
    if request['do'] == 'selftest':
        failed = selftest()
        return {'ok': not failed, **({'failed': failed} if failed else {})}
    if request['do'] == 'examples':
        return {'ok': True, 'rows': rows()}
    key = Key(secret_from_text(request['key']))
    if 'session' in request['do']:
        return answer_session(key, request)
    purpose = request['purpose']
    shared = {'dictionary': request.get('dictionary', ()), 'types': request.get('types')}
    own = {'context': request.get('context', '').encode('utf-8'), 'now': request.get('now'),
           'second': bytes.fromhex(request.get('secret', ''))}
    try:
        if request['do'] == 'open':
            keys = [(key, mode) for mode in LEAD if request.get('mode', mode) == mode]
            opened = open_token(keys, purpose, request['token'], max_age=request.get('maxAge'),
                                clock_skew=request.get('clockSkew', CLOCK_SKEW), **shared, **own)
            return {'ok': True, 'value': to_notation(opened.value), 'issuedAt': opened.issued_at,
                    'keyId': opened.key_id.hex(), 'payload': opened.payload.hex()}
        if request['do'] != 'seal':
            raise ValueError('unknown "do"')
        own['mode'] = request.get('mode', 'sealed')
        own['random'] = bytes.fromhex(request['random']) if 'random' in request else None
        if 'payload' in request:
            return {'ok': True, 'token': seal_payload(key, purpose, bytes.fromhex(request['payload']), **own)}
        return {'ok': True, 'token': seal(key, purpose, from_notation(request['value']), **shared, **own)}
    except SealError as error:
        return {'ok': False, 'code': error.code, 'message': str(error), **({} if error.offset is None else {'offset': error.offset})}


def answer_session(key: Key, request: dict) -> dict:
    own = {'now': request.get('now'), 'tenant': request.get('tenant')}
    if request['do'] == 'write session':
        cookies = write_session(key, request['cookieName'], request['session'], mode=request.get('mode', 'sealed'), **own)
        return {'ok': True, 'header': '; '.join(f'{name}={value}' for name, value in cookies)}
    options = {option: request[option] for option in ('records', 'revocations') if option in request}
    store = Store([key], is_server=request.get('store') == 'server', max_age=request.get('maxAge'), idle_timeout=request.get('idleTimeout'), **options)
    try:
        return {'ok': True, 'session': read_session(store, request['name'], request['header'], **own)}
    except Rejected as rejected:
        return {'ok': False, 'rejected': str(rejected)}


def main() -> None:
    for line in sys.stdin:
        try:
            reply = answer(json.loads(line))
        except Exception as error:  # one bad request must not end the answers to the others
            reply = {'ok': False, 'error': f'{type(error).__name__}: {error}'}
        print(json.dumps(reply, allow_nan=False), flush=True)


if __name__ == '__main__':
    main()
