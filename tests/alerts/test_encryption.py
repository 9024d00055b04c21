"""Encryption of alerts, held against the example in appendix A of RFC 8291."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from updates.alerts.encryption import encrypt, encrypt_with
from updates.alerts.keys import as_base64, from_base64

DEVICE_KEY = from_base64("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4")
AUTH = from_base64("BTBZMqHH6r4Tts7J_aSIgg")
SENDER = from_base64("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")
SALT = from_base64("DGv6ra1nlYgDCS1FRnbzlw")
ENCRYPTED = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A"
    "_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


def test_the_example_of_the_standard_is_met():
    sender = ec.derive_private_key(int.from_bytes(SENDER, "big"), ec.SECP256R1())
    encrypted = encrypt_with(sender, SALT, b"When I grow up, I want to be a watermelon", DEVICE_KEY, AUTH)

    assert as_base64(encrypted) == ENCRYPTED


def test_no_two_messages_share_a_key():
    first, second = (encrypt(b"Gate holds", DEVICE_KEY, AUTH) for _ in range(2))

    assert (first[:16], first[21:86]) != (second[:16], second[21:86])


def test_a_key_that_is_none_is_refused():
    with pytest.raises(ValueError, match=r"(?i)point|curve|key"):
        encrypt(b"Gate holds", b"\x04" + bytes(64), AUTH)
