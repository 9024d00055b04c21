"""An editor adds a webhook, sees what was delivered, sends it again, pauses it, and deletes it."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import picture_of
from tests.browser.desk_page import LAPTOP, PHONE
from tests.browser.page_checkers import violations_by_axe
from tests.factories import editor_of, post
from tests.recorder import recording
from tests.servers import running_site, wait_until, without_the_shared_server
from tests.webhooks.conftest import ALL, Receiving
from updates.models import Webhook, WebhookDelivery
from updates.publishing.webhooks import create_webhook


@pytest.fixture(scope="module")
def receiver(tmp_path_factory):
    with recording(Receiving, "tests.webhooks.receiver", tmp_path_factory.mktemp("receiver")) as server:
        yield server


@pytest.fixture(scope="module")
def site_with_receiver(receiver, django_db_setup, tmp_path_factory):
    log = tmp_path_factory.mktemp("webhooks") / "site.log"
    with running_site(log, WEBHOOK_INTERNAL_HOSTS=f"{urlsplit(receiver.url).netloc}/desk") as site:
        yield site


@pytest.fixture(autouse=True)
def only_sender():
    with without_the_shared_server():
        yield


@pytest.fixture
def page(log_in, site_with_receiver, event, request, watched):
    watched.expect_messages("status of 422")  # a refused address
    page = log_in(editor_of(event), site_with_receiver.url, **request.param)
    page.goto(f"{site_with_receiver.url}/admin/updates/event/{event.pk}/change/")
    yield page
    for size in (PHONE, LAPTOP):
        page.set_viewport_size(size["viewport"])
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert violations_by_axe(page) == []
        picture_of(page, f"{request.node.name}-{size['viewport']['width']}")


@pytest.mark.parametrize("page", [PHONE], ids=["phone"], indirect=True)
def test_an_editor_adds_a_webhook_and_sees_its_secret_once(page, receiver):
    page.get_by_role("link", name="Webhooks").first.click()
    expect(page.get_by_role("group", name="Changes it receives")).to_be_visible()
    address = page.get_by_label("Address")
    address.fill(f"{receiver.url}/elsewhere")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_text("Enter an address that begins with https://")).to_be_visible()
    address.fill(f"{receiver.url}/desk/added")
    page.get_by_role("button", name="Add").click()
    secret = page.get_by_role("textbox", name="Secret")
    expect(secret).to_have_value(re.compile("^whsec_"))
    page.goto(page.url)
    page.get_by_role("link", name=f"{receiver.url}/desk/added").click()
    expect(page.get_by_role("heading", name="Deliveries")).to_be_visible()
    expect(secret).to_have_count(0)


@pytest.mark.parametrize("page", [LAPTOP], ids=["laptop"], indirect=True)
def test_deliveries_are_listed_sent_again_and_held_back(page, receiver, event, site_with_receiver):
    path = f"/desk/{event.pk}"
    webhook = create_webhook(event, receiver.url + path, ALL, editor_of(event))
    post(event, "Gate holds", author=editor_of(event))
    wait_until(lambda: WebhookDelivery.objects.filter(delivered_at__isnull=False), "the message is delivered")
    page.goto(f"{site_with_receiver.url}/admin/updates/event/{event.pk}/webhooks/")
    page.get_by_role("link", name=webhook.url).click()
    expect(page.locator(".deliveries li")).to_contain_text(["200"])
    page.get_by_role("button", name="Send again").click()
    wait_until(lambda: len(receiver.accepted(path)) == 2, "it arrives again")
    first, second = receiver.accepted(path)
    assert first["data"]["entry"] == second["data"]["entry"]

    page.get_by_role("button", name="Pause").click()
    expect(page.locator(".address")).to_contain_text("Paused")
    post(event, "Gate leaks", author=editor_of(event))
    assert len(receiver.accepted(path)) == 2
    page.get_by_role("button", name="Resume").click()
    wait_until(lambda: len(receiver.accepted(path)) == 3, "what was held back arrives")
    page.get_by_text("New secret, or delete").click()
    page.get_by_role("button", name="Delete this webhook").click()
    expect(page.get_by_role("heading", name="Add a webhook")).to_be_visible()
    assert not Webhook.objects.exists()
