"""A Cookie header, the name of a session and keys go in and the session comes out, or the other way round. FORMAT.md section 9."""

from __future__ import annotations

import hashlib
import itertools
import re
import time
from typing import Any, Iterator, Mapping, NamedTuple, Optional, Sequence

from notation import from_notation, to_notation
from tokens import LEAD, Key, Opened, from_base64url, open_token, seal_payload, to_base64url
from values import LIMITS, UNDEFINED, Entries, SealError, Undefined
from writer import encode

MAX_COOKIE = 4096
MAX_CHUNKS = 16
MAX_VALUES = 4
MAX_AGE = 2592000
COOKIE_LIMITS = {**LIMITS, 'bytes': 16384}
RECORD_LIMITS = {**LIMITS, 'bytes': 1048576, 'items': 131072}
REASONS = {'MALFORMED': 'malformed', 'VERSION': 'version', 'KEY_UNKNOWN': 'unknown-key', 'TAMPERED': 'tampered', 'PAYLOAD': 'payload',
           'TYPE_UNKNOWN': 'unknown-type'}


class Rejected(Exception):
    """Why no cookie of the name is a session."""


class Store(NamedTuple):
    keys: Sequence[Key]
    is_server: bool = False
    max_age: Optional[float] = None
    idle_timeout: Optional[float] = None
    records: Optional[Mapping[str, str]] = None  # what the backend of a server store has, or the overflow of a cookie store
    revocations: Optional[Mapping[str, str]] = None  # what the backend has in which a cookie store remembers what has ended


class Session(NamedTuple):
    """A record with what stands around it."""
    record: list
    id: str
    family: str
    seen_at: int
    issued_at: int  # of the cookie


def hashed(data: bytes) -> str:
    return to_base64url(hashlib.sha256(data).digest())


def binding(chunks: int, tenant: Optional[str]) -> bytes:
    parts = ([] if chunks == 1 else [f'chunks:{chunks}']) + ([] if tenant is None else [f'tenant:{tenant}'])
    return ';'.join(parts).encode('utf-8')


def room(cookie_name: str, at: int, count: int) -> int:
    """Characters of the token that the cookie with the part `at` of `count` takes."""
    name = cookie_name if at == 0 else f'{cookie_name}.{at}'
    return MAX_COOKIE - len(name) - (len(f'{count}.') if at == 0 and count > 1 else 0)


def cookies_in(header: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for pair in header.split(';'):
        name, equals, value = pair.partition('=')
        name, value = name.strip(' \t'), value.strip(' \t')
        if len(value) > 1 and value[0] == value[-1] == '"':
            value = value[1:-1]
        if equals and value:
            found.setdefault(name, []).append(value)
    return found


def tokens_in(cookies: Mapping[str, list[str]], cookie_name: str) -> Iterator[tuple[Optional[str], int]]:
    """What the cookies of a name may stand for, with the number of parts; None where parts are missing."""
    for value in cookies.get(cookie_name, []):
        count = re.match(r'([2-9]|1[0-6])\.', value)
        if count is None:
            yield value, 1
            continue
        n = int(count[1])
        parts = [[value[count.end():]]] + [cookies.get(f'{cookie_name}.{at}', []) for at in range(1, n)]
        fitting = [[part for part in choice if len(part) == room(cookie_name, at, n) or (at == n - 1 and 0 < len(part) <= room(cookie_name, at, n))]
                   for at, choice in enumerate(parts)]
        joins = [''.join(choice) for choice in itertools.islice(itertools.product(*fitting), MAX_VALUES)]
        yield from ((join, n) for join in joins or [None])


def open_with(store: Store, purpose: str, token: str, limits: Mapping[str, int], context: bytes, second: bytes = b'') -> Opened:
    keys = [(key, mode) for key in store.keys for mode in LEAD]
    try:
        return open_token(keys, purpose, token, context=context, second=second, limits=limits, clock_skew=2**32)
    except SealError as error:
        raise Rejected(REASONS[error.code.replace('ERR_SEAL_', '')]) from None


def is_record(value: Any) -> bool:
    if not isinstance(value, list) or not 2 <= len(value) <= 9:
        return False
    created_at, values, id_, flashes, max_age, subject, authenticated_at, family, stamp = value + [UNDEFINED] * (9 - len(value))
    number = lambda given: type(given) in (int, float)
    optional = lambda given, fits: isinstance(given, Undefined) or fits(given)
    bags = lambda given: isinstance(given, Entries) and all(
        isinstance(bag, str) and isinstance(pairs, list) and all(isinstance(pair, list) and pair and number(pair[0]) for pair in pairs)
        for bag, pairs in given.pairs)
    return (number(created_at) and isinstance(values, (dict, Entries)) and optional(id_, lambda given: isinstance(given, bytes))
            and optional(flashes, bags) and (max_age is None or optional(max_age, number))
            and optional(subject, lambda given: isinstance(given, str)) and optional(authenticated_at, number)
            and optional(family, lambda given: isinstance(given, bytes)) and optional(stamp, number))


def full(record: list) -> list:
    return record + [UNDEFINED] * (9 - len(record))


def from_cookie(store: Store, cookie_name: str, token: Optional[str], chunks: int, tenant: Optional[str]) -> Session:
    if token is None:
        raise Rejected('malformed')
    opened = open_with(store, f'sealring:cookie:{cookie_name}', token, COOKIE_LIMITS, binding(chunks, tenant))
    if isinstance(opened.value, bytes) and len(opened.value) == 32:
        return from_backend(store, cookie_name, opened.value, opened.issued_at)
    if not is_record(opened.value) or store.is_server:
        raise Rejected('payload')
    record = full(opened.value)
    if isinstance(record[2], Undefined):
        raise Rejected('payload')
    id_ = to_base64url(record[2])
    family = id_ if isinstance(record[7], Undefined) else to_base64url(record[7])
    if store.revocations is not None:
        entry = store.revocations.get(hashed(f'ended:{id_}'.encode()))
        if entry is not None:
            raise Rejected('gone' if entry.startswith('M.') else 'revoked')
        if not counts(store, record, family):
            raise Rejected('revoked')
    return Session(record, id_, family, opened.issued_at, opened.issued_at)


def from_backend(store: Store, cookie_name: str, secret: bytes, issued_at: int) -> Session:
    id_ = hashed(b'sealring/id' + secret)
    data = (store.records or {}).get(id_, 'E.')
    if data == 'E.' or re.fullmatch(r'M(\.[\w-]+){2}\.\d+\.[\w-]*\.', data):
        raise Rejected('gone')
    head = re.match(r'L\.([\w-]+)\.([\w-]*)\.(\d+)\.', data)
    if head is None:
        raise Rejected('payload')
    opened = open_with(store, f'sealring:record:{cookie_name}', data[head.end():], RECORD_LIMITS, head[0].encode(), secret)
    if not is_record(opened.value):
        raise Rejected('payload')
    return Session(full(opened.value), id_, head[1], int(head[3]), issued_at)


def index_names(keys: Sequence[Key], subject: str) -> list[str]:
    return [hashed(seal_payload(key, 'sealring:subject', encode(subject), mode='signed', now=0).encode()) for key in keys]


def counts(store: Store, record: list, family: str) -> bool:
    """Whether the numbers of the subject let its session be."""
    if isinstance(record[5], Undefined):
        return True
    stamp = 0 if isinstance(record[8], Undefined) else record[8]
    for name in index_names(store.keys, record[5]):
        _, n, spare, since, _ = (store.revocations or {}).get(hashed(f'number:{name}'.encode()), 'N.0..0.').split('.')
        if stamp < int(n) and not (spare == family and stamp >= int(since)):
            return False
    return True


def check_age(store: Store, session: Session, now: float) -> Session:
    own = session.record[4]
    max_age = store.max_age if isinstance(own, Undefined) else own
    ends = [session.record[0] + (MAX_AGE if max_age is None else max_age)]
    if store.idle_timeout is not None:
        ends.append(session.seen_at + store.idle_timeout)
    if now >= min(ends):
        raise Rejected('expired')
    return session


def read_session(store: Store, name: str, header: str, tenant: Optional[str] = None, now: Optional[float] = None) -> dict:
    """The session as JSON data, with values as notation.py writes them. Raises Rejected, with nothing where there is no cookie."""
    cookies = cookies_in(header)
    cookie_name = next((prefix + name for prefix in ('__Host-', '__Secure-', '') if prefix + name in cookies), name)
    sessions: list[Session] = []
    reasons: list[str] = []
    for token, chunks in itertools.islice(tokens_in(cookies, cookie_name), MAX_VALUES):
        try:
            session = from_cookie(store, cookie_name, token, chunks, tenant)
            sessions.append(check_age(store, session, time.time() if now is None else now))
        except Rejected as rejected:
            reasons.append(str(rejected))
    if not sessions:
        raise Rejected(next(iter(reasons), ''))
    return shown(max(sessions, key=lambda session: session.issued_at))


def shown(session: Session) -> dict:
    created_at, values, _, flashes, max_age, subject, authenticated_at, _, stamp = session.record
    pairs = list(values.items()) if isinstance(values, dict) else values.pairs
    bags = {} if isinstance(flashes, Undefined) else {bag: [pair[1] for pair in messages] for bag, messages in flashes.pairs}
    optional = {'maxAge': max_age, 'subject': subject, 'authenticatedAt': authenticated_at, 'stamp': stamp}
    return {'createdAt': created_at, 'id': session.id, 'family': session.family, 'seenAt': session.seen_at,
            'values': [[to_notation(key), to_notation(value)] for key, value in pairs],
            'flashes': {bag: [to_notation(message) for message in messages] for bag, messages in bags.items()},
            **{field: value for field, value in optional.items() if not isinstance(value, Undefined)}}


def write_session(key: Key, cookie_name: str, session: Mapping[str, Any], tenant: Optional[str] = None,
                  mode: str = 'sealed', now: Optional[float] = None) -> list[tuple[str, str]]:
    """The cookies of a session that stands as `shown` writes it."""
    pairs = [(from_notation(name), from_notation(value)) for name, value in session['values']]
    is_object = all(isinstance(name, str) and name != '__proto__' for name, _ in pairs)
    bags = [(bag, [[at, from_notation(message)] for at, message in enumerate(messages)]) for bag, messages in session.get('flashes', {}).items()]
    id_, family = from_base64url(session['id']), from_base64url(session.get('family', session['id']))
    record = [session['createdAt'], dict(pairs) if is_object else Entries(pairs), id_, Entries(bags) if bags else UNDEFINED,
              *(session.get(field, UNDEFINED) for field in ('maxAge', 'subject', 'authenticatedAt')),
              UNDEFINED if family == id_ else family, session.get('stamp', UNDEFINED)]
    while isinstance(record[-1], Undefined):
        record.pop()
    seal = lambda chunks: seal_payload(key, f'sealring:cookie:{cookie_name}', encode(record), mode=mode, context=binding(chunks, tenant), now=now)
    size = len(seal(1))
    count = next(n for n in range(1, MAX_CHUNKS + 1) if sum(room(cookie_name, at, n) for at in range(n)) >= size)
    token, cookies = seal(count), []
    for at in range(count):
        part, token = token[:room(cookie_name, at, count)], token[room(cookie_name, at, count):]
        cookies.append((cookie_name if at == 0 else f'{cookie_name}.{at}', part if count == 1 or at > 0 else f'{count}.{part}'))
    return cookies
