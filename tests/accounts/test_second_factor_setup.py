"""Wrong codes while a second factor is set up."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from tests.factories import make_user
from updates.accounts.second_factor import device_of

pytestmark = pytest.mark.django_db

PASSWORD = "tide and gate 1953"
SET_UP = "/admin/account/second-factor/"


def test_the_right_code_soon_after_a_wrong_one_is_told_to_wait(client):
    """It is refused as well, and must not be called wrong."""
    user = make_user("ines", password=PASSWORD)
    client.force_login(user)
    client.get(SET_UP)
    device = TOTPDevice.objects.get(user=user)
    with time_machine.travel(timezone.now().replace(second=0), tick=False) as clock:

        def send(code):
            return client.post(SET_UP, {"password": PASSWORD, "code": code}).content.decode()

        right = f"{totp(device.bin_key):06}"
        assert "This code is wrong. Check the clock" in send(f"{(int(right) + 1) % 10**6:06}")
        early = send(right)
        assert "Too many wrong codes. Wait 2 seconds and try again." in early
        assert "This code is wrong" not in early
        assert device_of(user) is None
        clock.shift(timedelta(seconds=2))
        send(right)
    assert device_of(user) is not None
