"""The desk works in every engine: the editor comes up, an update goes out, a draft outlives a reload."""

from tests.admin.desk_forms import add_address
from tests.factories import make_member
from tests.servers import wait_until
from updates.models import Entry

READY = "document.querySelector('entry-safety[data-ready]')"
EDITOR = ".ProseMirror[contenteditable=true]"
HEADLINE = "[name=headline]"


def open_form(page, log_in, site, event):
    log_in(make_member(event))
    page.open(site.url + add_address(event))
    page.wait_for(READY)
    page.wait_for(f"document.querySelector('{EDITOR}')", "the text has an editor")


def test_update_is_typed_and_published_with_control_and_enter(page, log_in, site, event):
    open_form(page, log_in, site, event)
    page.type(HEADLINE, "Gate holds")
    page.type(EDITOR, "The water falls.")
    page.press("Control", "Enter")
    published = Entry.objects.filter(event=event, status="published")
    entry = wait_until(published.first, "the update is out")
    page.wait_for(f"document.querySelector('{HEADLINE}').value === ''", "the form is empty again")
    assert entry.content["headline"] == "Gate holds"
    assert entry.content["blocks"][0]["html"] == "<p>The water falls.</p>"


def test_draft_is_there_after_a_reload(page, log_in, site, event):
    open_form(page, log_in, site, event)
    page.type(HEADLINE, "Gate hol")
    page.type(EDITOR, "The wat")
    page.wait_for("document.querySelector('entry-safety').textContent.trim() !== ''", "the draft is kept")
    page.open(site.url + add_address(event))
    page.wait_for(READY)
    page.wait_for(f"document.querySelector('{HEADLINE}').value === 'Gate hol'")
    page.wait_for(f"document.querySelector('{EDITOR}').textContent === 'The wat'")
