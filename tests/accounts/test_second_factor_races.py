"""A second factor that is set up, or whose recovery codes are replaced, twice at the same moment."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from tests.factories import make_user
from tests.publishing.races import in_thread, others_waiting
from tests.servers import wait_until
from updates.accounts.second_factor import begin_setup, new_recovery_codes

pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time"),
]


def test_two_pages_that_are_opened_at_once_show_the_same_key():
    user = make_user()
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            first = begin_setup(user)
            second = pool.submit(in_thread, lambda: begin_setup(user))
            wait_until(lambda: second.done() or others_waiting(), "the second waits for the first")
        assert second.result().key == first.key


def test_codes_of_the_second_click_are_those_that_work():
    user = make_user()
    TOTPDevice.objects.create(user=user, name="app")
    new_recovery_codes(user)

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            new_recovery_codes(user)
            first = set(StaticToken.objects.values_list("token", flat=True))
            second = pool.submit(in_thread, lambda: new_recovery_codes(user))
            wait_until(lambda: second.done() or others_waiting(), "the second waits for the first")
        second.result()

    device = StaticDevice.objects.get()
    assert device.token_set.count() == 10
    assert first.isdisjoint(device.token_set.values_list("token", flat=True))
