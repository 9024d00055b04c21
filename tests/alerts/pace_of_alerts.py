"""How fast an alert reaches 1,000 devices, of which 5 % are gone and a tenth hang, and what publishing takes then."""

import sys
import time
from statistics import quantiles

import pytest

from tests.alerts.conftest import VAPID
from tests.alerts.test_sender import alert
from tests.factories import make_event, post
from tests.servers import running_site, wait_until
from updates.models import Alert

READY, GONE, HANGING = 850, 50, 100
EVERY = 0.1
"""Seconds between two updates."""


@pytest.mark.django_db(transaction=True)
def test_an_alert_reaches_everybody_soon_and_publishing_goes_on(service, tmp_path):
    event = make_event()
    for kind, number in (("ok", READY), ("gone", GONE), ("hang", HANGING)):
        service.add(event, kind, number)
    keys = {
        "VAPID_PRIVATE_KEY": VAPID,
        "VAPID_SUBJECT": "mailto:newsroom@live.example",
        "PUSH_INTERNAL_HOSTS": service.address,
    }
    with running_site(tmp_path / "site.log", **keys):
        calm = publishing_p95(event)
        began = time.monotonic()
        entry = alert(event)
        beside = publishing_p95(event)
        wait_until(lambda: len(service.paths()) >= READY, "everybody who answers has the alert")
        took = time.monotonic() - began
        wait_until(lambda: not Alert.objects.get(entry=entry).is_open, "the alert has ended")
    assert len(service.paths()) == len(set(service.paths())) == READY
    sys.stdout.write(
        f"everybody had it within {took:.1f} s; p95 of publishing {calm:.0f} ms, beside it {beside:.0f} ms\n"
    )
    assert took <= 10


def publishing_p95(event, number=40):
    taken = []
    for n in range(number):
        began = time.monotonic()
        post(event, f"Update {n}")
        taken.append(1000 * (time.monotonic() - began))
        time.sleep(max(0, began + EVERY - time.monotonic()))  # the load: ten updates a second
    return quantiles(taken, n=20)[-1]
