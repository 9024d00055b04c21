"""Searching the lists of the admin."""

import pytest
from django.urls import reverse

from tests.admin.desk_forms import list_address
from tests.factories import make_event, make_user, post

pytestmark = pytest.mark.django_db

LISTS = ["updates_event", "updates_entry", "updates_person", "updates_change", "auth_user", "auth_group"]


@pytest.mark.parametrize("words", ["a " * 1000, '"' + "a b " * 500, "x" * 5000, "' OR 1=1 -- " * 200], ids=range(4))
@pytest.mark.parametrize("name", LISTS)
@pytest.mark.long
def test_any_number_of_words_gives_a_page(client, name, words):
    boss = make_user(superuser=True)
    of_event = {"event__id__exact": make_event(author=boss).pk} if name in {"updates_entry", "updates_change"} else {}
    client.force_login(boss)
    assert client.get(reverse(f"admin:{name}_changelist"), {"q": words} | of_event).status_code == 200


def test_the_first_ten_words_are_searched_for(client):
    boss = make_user(superuser=True)
    event = make_event(author=boss)
    post(event, "One two three", author=boss)
    client.force_login(boss)

    def rows(words):
        page = client.get(list_address(event), {"q": words}).content.decode()
        return page.count("One two three</a>")

    assert rows("two one") == rows("one " * 10 + "absent " * 500) == 1
    assert rows("absent one") == 0
