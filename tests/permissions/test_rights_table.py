"""Every address × method × role, against ``rights.txt``.

In the gate, one role sends HEAD to an address, another to the next; with RIGHTS=all each sends it to all.
"""

import os
from pathlib import Path

import pytest
from django.db import transaction

from tests.permissions.addresses import ROLES, Newsroom, address_of, patterns, subjects

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.long]

METHODS = ["GET", "HEAD", "POST"]
ONE_IN = 1 if os.environ.get("RIGHTS") == "all" else len(ROLES)
OTHERS = ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"]
"""Methods that answer 405 everywhere, to everybody."""

TABLE = Path(__file__).with_name("rights.txt")


def table():
    """Return the status by address, entry, method and role."""
    rows = {}
    for line in TABLE.read_text().splitlines():
        if line and not line.startswith("#"):
            pattern, entry, methods, statuses = (cell.strip() for cell in line.split(" | "))
            for method in methods.split():
                for role, status in zip(ROLES, statuses.split(), strict=True):
                    rows[pattern, entry, method, role] = int(status)
    return rows


@pytest.fixture
def newsroom(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return Newsroom()


@pytest.mark.parametrize("role", ROLES)
def test_each_address_answers_as_the_table_says(newsroom, client, role):
    client.raise_request_exception = False
    if user := newsroom.users[role]:
        client.force_login(user)
    answers, left_out = {}, set()
    for number, pattern in enumerate(dict.fromkeys(patterns())):
        for entry in subjects(pattern):
            address = address_of(pattern, newsroom.values(newsroom.entries[entry]))
            for method in METHODS:
                row = (pattern or "/", entry, method, role)
                if method == "HEAD" and (number - ROLES.index(role)) % ONE_IN:
                    left_out.add(row)
                else:
                    answers[row] = answer(client, method, address).status_code
        others = {client.generic(method, address).status_code for method in OTHERS}
        assert others == {405}, address
    expected = {row: status for row, status in table().items() if row[3] == role}
    assert answers == {row: status for row, status in expected.items() if row not in left_out}
    assert left_out <= expected.keys()


def answer(client, method, address):
    """Return the response; what the request has written is taken back, a logout too."""
    cookies = client.cookies.copy()
    with transaction.atomic():
        response = client.generic(method, address)
        for close in response._resource_closers:  # response.close() would close the test's connection as well
            close()
        transaction.set_rollback(True)
    client.cookies = cookies
    return response
