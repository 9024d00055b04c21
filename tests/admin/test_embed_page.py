"""The desk's page with the code for other sites."""

from html import unescape

import pytest
from django.urls import reverse

from tests.factories import editor_of, make_event, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    return make_event(slug="storm", title='Storm "Maren" <b>', embed_sites=["https://www.paper.example"])


def page_of(client, event):
    return client.get(reverse("admin:updates_event_embed", args=[event.pk])).content.decode()


def codes(html):
    return [unescape(part.split(">", 1)[1].split("</textarea>")[0]) for part in html.split("<textarea ")[1:]]


def test_every_form_is_ready_to_copy(client, event):
    client.force_login(editor_of(event))
    html = page_of(client, event)
    frame, element, include, latest_frame, latest_element, latest_include, address = codes(html)
    title = "Storm &quot;Maren&quot; &lt;b&gt;"
    assert frame.startswith(f'<iframe src="http://testserver/storm/embed/" title="{title}" width="100%" height="600"')
    assert frame.endswith('\n<script async src="http://testserver/static/bundles/frame-height.js"></script>')
    assert (
        f'<live-blog src="http://testserver/storm/"><a href="http://testserver/storm/">{title}</a></live-blog>'
        in element
    )
    assert include == '<esi:include src="http://testserver/storm/fragment" onerror="continue"/>'
    assert 'src="http://testserver/storm/embed/?view=latest"' in latest_frame
    assert '<live-blog src="http://testserver/storm/" view="latest">' in latest_element
    assert "/storm/fragment?view=latest" in latest_include
    assert address == "http://testserver/storm/"
    assert "<code>https://www.paper.example</code>" in html


def test_editors_are_led_to_the_setting_and_others_to_an_editor(client, event):
    setting = reverse("admin:updates_event_change", args=[event.pk]) + "#id_embed_sites"
    client.force_login(editor_of(event))
    assert setting in page_of(client, event)
    client.force_login(make_member(event))
    html = page_of(client, event)
    assert setting not in html
    assert "An editor of this live blog can change the sites." in html


def test_the_page_says_which_sites_may_embed(client):
    shut, every = make_event(slug="shut"), make_event(slug="open", embed_sites=["*"])
    client.force_login(editor_of(shut))
    assert "Only pages of this site may embed it." in page_of(client, shut)
    client.force_login(editor_of(every))
    assert "Every site may embed it." in page_of(client, every)


def test_desk_and_live_blog_lead_there(client, event):
    client.force_login(editor_of(event))
    for name in ("desk", "change"):
        html = client.get(reverse(f"admin:updates_event_{name}", args=[event.pk])).content.decode()
        assert reverse("admin:updates_event_embed", args=[event.pk]) in html
