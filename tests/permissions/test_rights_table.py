"""Every address × method × role, against ``rights.txt``.

In the gate, HEAD and the methods that nobody may use are sent to an address by one role, to the next by another; so are
all requests about an entry of somebody else, but for a correspondent's. With RIGHTS=all each role sends them to all.
"""

import os
from pathlib import Path

import pytest
from django.db import transaction

from tests.permissions.addresses import ROLES, Newsroom, address_of, patterns, subjects

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.long]

METHODS = ["GET", "HEAD", "POST"]
ALL = os.environ.get("RIGHTS") == "all"
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
            rows = [(pattern or "/", entry, method, role) for method in METHODS]
            asked = [row for row in rows if is_turn(number, role) or asks_always(*row)]
            left_out.update(row for row in rows if row not in asked)
            answers |= {row: answer(client, row[2], address).status_code for row in asked}
        if is_turn(number, role):
            assert {client.generic(method, address).status_code for method in OTHERS} == {405}, address
    expected = {row: status for row, status in table().items() if row[3] == role}
    assert answers == {row: status for row, status in expected.items() if row not in left_out}
    assert left_out <= expected.keys()


def is_turn(number, role, roles=ROLES):
    """Whether the role is the one that sends what is sent once to the address with this number."""
    return ALL or number % len(roles) == roles.index(role)


def asks_always(_pattern, entry, method, role):
    """Whose entry it is decides for correspondents only; others see both alike."""
    return method != "HEAD" and (entry != "another's" or role == "correspondent")


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
