"""A secret, a purpose and a value go in and a token comes out, or the other way round. FORMAT.md sections 1 to 3."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import re
import time
from typing import Any, Iterable, Mapping, NamedTuple, Optional, Sequence

from reader import decode
from values import LIMITS, BeyondLimit, SealError, Types
from writer import encode
from xchacha import xchacha_decrypt, xchacha_encrypt

LEAD = {'sealed': 0x11, 'signed': 0x49}
MODE = {lead: mode for mode, lead in LEAD.items()}
AROUND = {'sealed': 40, 'signed': 24}  # bytes of a token besides its payload
CLOCK_SKEW = 60


def hmac_sha256(key: bytes, data: bytes) -> bytes:
    return hmac.new(key, data, hashlib.sha256).digest()


def hkdf_extract(salt: bytes, ikm: bytes) -> bytes:
    """RFC 5869 2.2."""
    return hmac_sha256(salt, ikm)


def hkdf_expand(prk: bytes, info: bytes, size: int) -> bytes:
    """RFC 5869 2.3."""
    output = last = b''
    for i in range(1, (size + 31) // 32 + 1):
        last = hmac_sha256(prk, last + info + bytes([i]))
        output += last
    return output[:size]


def to_base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip('=')


def from_base64url(text: str) -> Optional[bytes]:
    """The bytes, or None for any spelling but the one canonical (RFC 4648 3.5: spare bits are zero)."""
    if not re.fullmatch('[A-Za-z0-9_-]*', text) or len(text) % 4 == 1:
        return None
    data = base64.urlsafe_b64decode(text + '=' * (-len(text) % 4))
    return data if to_base64url(data) == text else None


def checksum(secret: bytes) -> str:
    return to_base64url(hashlib.sha256(b'sealring/key' + secret).digest()[:3])


def secret_to_text(secret: bytes) -> str:
    return 'sealring_' + to_base64url(secret) + checksum(secret)


def secret_from_text(text: str) -> bytes:
    if not re.fullmatch('sealring_[A-Za-z0-9_-]{47}', text):
        raise ValueError('not a secret')
    secret = from_base64url(text[9:52])
    if secret is None or checksum(secret) != text[52:]:
        raise ValueError('a secret with a typing error')
    return secret


class Key:
    def __init__(self, secret: bytes):
        if len(secret) < 32:
            raise ValueError('a secret has 32 bytes or more')
        self.prk = hkdf_extract(b'sealring/v1', secret)
        self.id = hkdf_expand(self.prk, b'kid', 3)

    def subkey(self, mode: str, purpose: str, second: bytes = b'') -> bytes:
        """For tokens that need a second secret, another key is made of both."""
        if not purpose:
            raise ValueError('a purpose is never empty')
        subkey = hkdf_expand(self.prk, bytes([LEAD[mode]]) + purpose.encode('utf-8'), 32)
        if not second:
            return subkey
        if len(second) < 16:
            raise ValueError('a second secret has 16 bytes or more')
        return hkdf_expand(subkey, b'sealring/bound' + second, 32)


def mac(subkey: bytes, header: bytes, payload: bytes, context: bytes) -> bytes:
    return hmac_sha256(subkey, header + payload + context + len(context).to_bytes(4, 'big'))[:16]


def seal_payload(key: Key, purpose: str, payload: bytes, mode: str = 'sealed', context: bytes = b'',
                 random: Optional[bytes] = None, now: Optional[float] = None, second: bytes = b'') -> str:
    """Section 2, for a payload that is there already."""
    issued_at = int(time.time() if now is None else now)
    header = bytes([LEAD[mode]]) + key.id + issued_at.to_bytes(4, 'big')
    subkey = key.subkey(mode, purpose, second)
    if mode == 'signed':
        return to_base64url(header + payload + mac(subkey, header, payload, context))
    random = os.urandom(16) if random is None else random
    if len(random) != 16:
        raise ValueError('a sealed token has 16 random bytes')
    nonce = header + random
    return to_base64url(nonce + xchacha_encrypt(subkey, nonce, payload, context))


def seal(key: Key, purpose: str, value: Any, dictionary: Sequence[str] = (), types: Types = None, **options: Any) -> str:
    payload = encode(value, dictionary)
    try:
        decode(payload, dictionary, types)  # a writer makes nothing that its own reader refuses
    except BeyondLimit as error:
        raise SealError('TOO_LARGE', str(error)) from None
    except SealError as error:
        raise SealError('TYPE_UNKNOWN', str(error)) from None
    return seal_payload(key, purpose, payload, **options)


class Opened(NamedTuple):
    value: Any
    issued_at: int
    key_id: bytes
    payload: bytes


def open_token(keys: Iterable[tuple[Key, str]], purpose: str, token: str, context: bytes = b'', dictionary: Sequence[str] = (),
               types: Types = None, now: Optional[float] = None, max_age: Optional[float] = None,
               clock_skew: float = CLOCK_SKEW, second: bytes = b'', limits: Mapping[str, int] = LIMITS) -> Opened:
    """Section 3, in its order; `keys` are pairs of a key and the mode that it is used in."""
    data = from_base64url(token) if len(token) <= -(-(AROUND['sealed'] + limits['bytes']) * 4 // 3) else None
    if not data:
        raise SealError('MALFORMED', 'not a token')
    mode = MODE.get(data[0])
    if mode is None:
        raise SealError('VERSION', 'a token of another version')
    if len(data) <= AROUND[mode]:
        raise SealError('MALFORMED', 'too short')
    issued_at = int.from_bytes(data[4:8], 'big')
    fitting = [key for key, key_mode in keys if key_mode == mode and key.id == data[1:4]]
    if not fitting:
        raise SealError('KEY_UNKNOWN', 'made with another key')
    for key in fitting:
        subkey = key.subkey(mode, purpose, second)
        if mode == 'sealed':
            payload = xchacha_decrypt(subkey, data[:24], data[24:], context)
        else:
            fits = hmac.compare_digest(mac(subkey, data[:8], data[8:-16], context), data[-16:])
            payload = data[8:-16] if fits else None
        if payload is not None:
            break
    else:
        raise SealError('TAMPERED', 'changed, or made for another purpose or context')
    now = time.time() if now is None else now
    if max_age is not None and now > issued_at + max_age:
        raise SealError('EXPIRED', 'too old')
    if issued_at > now + clock_skew:
        raise SealError('FUTURE', 'from the future')
    return Opened(decode(payload, dictionary, types, limits), issued_at, data[1:4], payload)
