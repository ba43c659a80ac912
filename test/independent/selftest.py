"""Published vectors go through the primitives, and the names of those that do not come out are the answer. `python3 selftest.py` shows them."""

from __future__ import annotations

import sys

from tokens import from_base64url, hkdf_expand, hkdf_extract, hmac_sha256
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


if __name__ == '__main__':
    failed = selftest()
    print('\n'.join(f'FAILED {name}' for name in failed) or 'all published vectors come out')
    sys.exit(1 if failed else 0)
