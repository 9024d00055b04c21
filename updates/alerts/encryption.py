"""Encryption of a message for one device, as RFC 8291 (Web Push) and RFC 8188 (``aes128gcm``) describe it.

The packages for it are not published as wheels, which the lock requires, or bring HTTP clients that nothing here needs.
"""

import os
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

RECORD_SIZE: Final = 4096
"""Bytes; a message is one record."""

_LAST_RECORD: Final = b"\x02"


def encrypt(message: bytes, device_key: bytes, auth: bytes) -> bytes:
    """Encrypt for the device with this public key (65 bytes) and secret (16 bytes), or raise ``ValueError``."""
    return encrypt_with(ec.generate_private_key(ec.SECP256R1()), os.urandom(16), message, device_key, auth)


def encrypt_with(
    sender: ec.EllipticCurvePrivateKey, salt: bytes, message: bytes, device_key: bytes, auth: bytes
) -> bytes:
    """Encrypt with a key pair and a salt that must be used for this message only."""
    own_key = sender.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    shared = sender.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), device_key))
    secret = _derive(shared, auth, b"WebPush: info\0" + device_key + own_key, 32)
    key = _derive(secret, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derive(secret, salt, b"Content-Encoding: nonce\0", 12)
    header = salt + RECORD_SIZE.to_bytes(4, "big") + len(own_key).to_bytes(1, "big") + own_key
    return header + AESGCM(key).encrypt(nonce, message + _LAST_RECORD, None)


def _derive(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt, info).derive(secret)
