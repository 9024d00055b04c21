"""Patience of the doctor with a site that is well, on a machine whose processors have other work."""

import aiohttp
import pytest

from tests.servers import CEILING
from updates.doctor import certificate, outside, trial


@pytest.fixture
def patient(monkeypatch):
    for module, names in (
        (outside, ("GONE_WITHIN", "SHOWN_WITHIN", "SENT_WITHIN")),
        (trial, ("PUBLISHED_WITHIN",)),
        (certificate, ("WITHIN",)),
    ):
        for name in names:
            monkeypatch.setattr(module, name, CEILING)
    monkeypatch.setattr(outside, "TIMEOUT", aiohttp.ClientTimeout(total=CEILING))
