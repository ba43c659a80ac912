"""Key, nonce, message and associated data go in; XChaCha20-Poly1305 ciphertext and tag, or the message again, come out.

RFC 8439 for ChaCha20, Poly1305 and the AEAD, draft-irtf-cfrg-xchacha-03 for the 24-byte nonce. Written to be read and compared with
the specifications: Python integers take no constant time, so this is for tests and documents, not for servers.
"""

from __future__ import annotations

import hmac
import struct

CONSTANTS = (0x61707865, 0x3320646E, 0x79622D32, 0x6B206574)  # "expand 32-byte k"
# RFC 8439 2.3: four quarter rounds on the columns, then four on the diagonals.
QUARTERS = ((0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15),
            (0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14))
MASK = 0xFFFFFFFF


def rounds(state: list[int]) -> list[int]:
    """Twenty rounds, ten of each kind (RFC 8439 2.3.1), without the final addition."""
    s = list(state)
    for _ in range(10):
        for a, b, c, d in QUARTERS:  # RFC 8439 2.1
            s[a] = (s[a] + s[b]) & MASK
            x = s[d] ^ s[a]
            s[d] = (x << 16 | x >> 16) & MASK
            s[c] = (s[c] + s[d]) & MASK
            x = s[b] ^ s[c]
            s[b] = (x << 12 | x >> 20) & MASK
            s[a] = (s[a] + s[b]) & MASK
            x = s[d] ^ s[a]
            s[d] = (x << 8 | x >> 24) & MASK
            s[c] = (s[c] + s[d]) & MASK
            x = s[b] ^ s[c]
            s[b] = (x << 7 | x >> 25) & MASK
    return s


def block(key: bytes, counter: int, nonce: bytes) -> bytes:
    """One 64-byte block of key stream (RFC 8439 2.3)."""
    state = [*CONSTANTS, *struct.unpack('<8I', key), counter, *struct.unpack('<3I', nonce)]
    return struct.pack('<16I', *((a + b) & MASK for a, b in zip(state, rounds(state))))


def chacha20(key: bytes, counter: int, nonce: bytes, data: bytes) -> bytes:
    """RFC 8439 2.4; the same call encrypts and decrypts."""
    stream = b''.join(block(key, counter + i, nonce) for i in range((len(data) + 63) // 64))
    return bytes(a ^ b for a, b in zip(data, stream))


def poly1305(key: bytes, message: bytes) -> bytes:
    """RFC 8439 2.5."""
    r = int.from_bytes(key[:16], 'little') & 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF
    total = 0
    for i in range(0, len(message), 16):
        total = (total + int.from_bytes(message[i:i + 16] + b'\1', 'little')) * r % (2**130 - 5)
    return ((total + int.from_bytes(key[16:], 'little')) % 2**128).to_bytes(16, 'little')


def tag(key: bytes, nonce: bytes, ciphertext: bytes, aad: bytes) -> bytes:
    """RFC 8439 2.6 (block 0 is the one-time key) and 2.8 (what is authenticated)."""
    pad = lambda data: data + bytes(-len(data) % 16)
    return poly1305(block(key, 0, nonce)[:32],
                    pad(aad) + pad(ciphertext) + struct.pack('<QQ', len(aad), len(ciphertext)))


def aead_encrypt(key: bytes, nonce: bytes, message: bytes, aad: bytes) -> bytes:
    """RFC 8439 2.8, 12-byte nonce."""
    ciphertext = chacha20(key, 1, nonce, message)
    return ciphertext + tag(key, nonce, ciphertext, aad)


def aead_decrypt(key: bytes, nonce: bytes, box: bytes, aad: bytes) -> bytes | None:
    """The message, or None where the tag does not fit."""
    ciphertext = box[:-16]
    if not hmac.compare_digest(box[-16:], tag(key, nonce, ciphertext, aad)):
        return None
    return chacha20(key, 1, nonce, ciphertext)


def hchacha20(key: bytes, nonce: bytes) -> bytes:
    """Draft 2.2: 16 bytes of nonce give a new key, the first and last rows of the state after the rounds."""
    s = rounds([*CONSTANTS, *struct.unpack('<8I', key), *struct.unpack('<4I', nonce)])
    return struct.pack('<8I', *s[:4], *s[12:])


def xchacha_encrypt(key: bytes, nonce: bytes, message: bytes, aad: bytes) -> bytes:
    """Draft 2.3: the other 8 bytes of the nonce follow 4 zero bytes."""
    return aead_encrypt(hchacha20(key, nonce[:16]), bytes(4) + nonce[16:], message, aad)


def xchacha_decrypt(key: bytes, nonce: bytes, box: bytes, aad: bytes) -> bytes | None:
    return aead_decrypt(hchacha20(key, nonce[:16]), bytes(4) + nonce[16:], box, aad)
