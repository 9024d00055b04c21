"""The feed of key events names what was removed, also after it has lost the mark."""

import pytest
from lxml import etree

from tests.factories import make_editor, make_event, make_user, post
from updates import publishing
from updates.publishing.erasure import erase_entry

pytestmark = pytest.mark.django_db

TOMBSTONE = "{http://purl.org/atompub/tombstones/1.0}deleted-entry"


def removed_in(answer):
    return [grave.get("ref") for grave in etree.fromstring(answer.content).iter(TOMBSTONE)]


@pytest.mark.parametrize("is_erased", [True, False])
@pytest.mark.parametrize("place", ["/storm/", "/"])
def test_a_key_event_that_lost_its_mark_is_named_as_removed(client, place, is_erased):
    editor = make_editor()
    event = make_event(author=editor, slug="storm")
    post(event, "Another", author=editor, is_key=True)
    entry = post(event, "Wrong name", author=editor, is_key=True)
    if not is_erased:
        publishing.mark_key(entry.pk, editor, is_key=False)
    before = client.get(f"{place}feed.atom?filter=key")
    assert removed_in(before) == []

    if is_erased:
        erase_entry(entry.pk, make_user("boss", superuser=True), reason="Court order")
    else:
        publishing.remove(entry.pk, editor)

    after = client.get(f"{place}feed.atom?filter=key", headers={"if-none-match": before["ETag"]})
    assert (after.status_code, after["ETag"] != before["ETag"]) == (200, True)
    assert removed_in(after) == [f"http://testserver{entry.get_absolute_url()}"]
    assert b"Another" in after.content
    assert b"Wrong" not in after.content
