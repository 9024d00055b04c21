"""The doctor finds what is wrong with an installation, and nothing where nothing is wrong."""

import asyncio
import json
import shutil
from collections import namedtuple
from contextlib import suppress
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from aiohttp import web
from django.core.management import CommandError, call_command
from django.utils import timezone

from tests.factories import NOON, editor_of, make_event, make_picture, make_user, post
from updates import publishing
from updates.choices import EventStatus
from updates.doctor.findings import Level
from updates.doctor.inside import examine_inside
from updates.doctor.outside import cache_headers, examine_outside
from updates.models import Entry, Event
from updates.models.guard import writing
from updates.publishing import EntryContent, EntryInput, Refused, TextContent

pytestmark = pytest.mark.database


def levels(findings):
    return {finding.check: finding.level for finding in findings}


def problem(findings, check):
    matches = [finding for finding in findings if finding.check == check and finding.level != Level.OK]
    assert matches, levels(findings)
    assert matches[0].mend
    return matches[0]


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_site_that_is_well_has_no_error_and_keeps_nothing_of_the_check(site, patient):
    make_picture(make_user("ines", superuser=True))
    for _ in range(2):
        out = StringIO()
        with suppress(SystemExit):
            call_command("doctor", url=site.url, json=True, stdout=out)
        findings = {finding["check"]: finding for finding in json.loads(out.getvalue())}
        assert [check for check, finding in findings.items() if finding["level"] == "error"] == [], findings
        assert {"database", "websocket", "removal", "originals", "cache headers", "scheduler"} <= set(findings)
    event = Event.objects.get()
    assert (event.status, event.is_listed) == (EventStatus.ENDED, False)
    assert set(Entry.objects.values_list("status", flat=True)) == {"removed"}


@pytest.mark.django_db(transaction=True)
def test_absent_scheduler_and_absent_proxy_are_found(monkeypatch):
    """Its update is due in an hour only, so nobody publishes it in time: a server of other tests may run."""
    monkeypatch.setattr("updates.doctor.trial.DUE_AFTER", 3600)
    monkeypatch.setattr("updates.doctor.trial.PUBLISHED_WITHIN", 0.7)
    make_user("ines", superuser=True)
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("doctor", url="http://127.0.0.1:1", stdout=out)
    assert "ERROR   scheduler: a scheduled update was not published at its time" in out.getvalue()
    assert "cannot be reached" in out.getvalue()
    assert Entry.objects.get().status == "discarded"


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_other_event_is_used_when_it_is_named(site, patient):
    make_user("ines", superuser=True)
    event = make_event(slug="storm")
    post(event, "The gate held")
    call_command("doctor", url=site.url, event="storm", stdout=StringIO())
    event.refresh_from_db()
    assert (event.status, event.entry_count) == (EventStatus.LIVE, 1)
    for wrong in ("https://[::1", "live.example", "ftp://live.example", "https://ines:secret@live.example"):
        with pytest.raises(CommandError, match="is no address") as refused:
            call_command("doctor", url=wrong, stdout=StringIO())
        assert "secret" not in str(refused.value)
    with pytest.raises(CommandError, match="no live event"):
        call_command("doctor", url=site.url, event="nothing", stdout=StringIO())


@pytest.mark.django_db
def test_overdue_updates_and_missing_tables_and_little_disk_are_found(monkeypatch):
    event = make_event()
    content = EntryContent("Later", (TextContent("<p>Later.</p>"),))
    when = timezone.now() + timedelta(minutes=1)
    entry = publishing.schedule(EntryInput(event.pk, content), editor_of(event), when).entry
    assert levels(examine_inside())["scheduler"] == Level.OK
    with writing():
        Entry.objects.filter(pk=entry.pk).update(scheduled_at=timezone.now() - timedelta(minutes=5))
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: usage(10**9, 10**9, 10**7))
    findings = examine_inside()
    assert "nobody publishes" in problem(findings, "scheduler").message
    assert problem(findings, "disk").level == Level.ERROR
    with monkeypatch.context() as context:
        context.setattr("django.db.migrations.recorder.MigrationRecorder.applied_migrations", lambda _recorder: {})
        assert "migrate" in problem(examine_inside(), "migrations").mend


@pytest.mark.django_db
def test_clock_that_is_fast_is_found(monkeypatch):
    monkeypatch.setattr("updates.doctor.inside.database_now", lambda: NOON - timedelta(seconds=20))
    with time_machine.travel(NOON, tick=False):
        assert problem(examine_inside(), "clock").message.startswith("20.0 s ahead")


@pytest.mark.django_db
def test_redis_that_is_not_there_is_found(settings):
    settings.REDIS_URL = "redis://127.0.0.1:1"
    layer = {"BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer", "CONFIG": {"hosts": [settings.REDIS_URL]}}
    settings.CHANNEL_LAYERS = {"default": layer}
    assert "up to two seconds" in problem(examine_inside(), "redis").mend


@pytest.mark.parametrize(
    ("control", "level"),
    [
        (["public, max-age=0, s-maxage=3"], Level.OK),
        (["public, max-age=3600"], Level.ERROR),
        (["public, max-age=86400, s-maxage=3"], Level.ERROR),
        (["public, max-age=0, s-maxage=3", "Max-Age=86400"], Level.ERROR),
        ([""], Level.ERROR),
        ([], Level.ERROR),
    ],
)
def test_cache_headers_that_a_proxy_changed_are_found(control, level):
    assert cache_headers(control).level == level


PAGE = (
    '<live-event data-socket="/ws/" data-epoch="e" data-seq="1"><article class="entry" data-id="abc">'
    "a removed update that this proxy never forgets</article>"
)


async def findings_about_proxy(page, publish=lambda: "abc", remove=lambda: None):
    """Examine a proxy that answers every request with one page, or by a function."""

    async def answer(request):
        return web.Response(text=page, headers={"Cache-Control": "max-age=600"}, content_type="text/html")

    application = web.Application()
    application.router.add_route("GET", "/{path:.*}", page if callable(page) else answer)
    runner = web.AppRunner(application)
    await runner.setup()
    place = web.TCPSite(runner, "127.0.0.1", 0)
    await place.start()
    port = runner.addresses[0][1]
    try:
        return await examine_outside(f"http://127.0.0.1:{port}", "storm", publish, remove, ["masters/x.jpg"])
    finally:
        await runner.cleanup()


async def test_proxy_that_keeps_removed_updates_and_shows_private_files_is_found(monkeypatch):
    """A bad proxy: no upgrade, an old page for ever, /readyz and originals for everybody."""
    monkeypatch.setattr("updates.doctor.outside.GONE_WITHIN", 0.1)
    findings = await findings_about_proxy(PAGE)
    for check in ("cache headers", "websocket", "removal", "state", "originals"):
        assert problem(findings, check).level == Level.ERROR
    assert problem(findings, "certificate").level == Level.WARNING


async def test_update_is_followed_by_its_id_where_another_is_pinned(patient):
    """The pinned one is the first of the page, and stays."""
    entries = ["pinned"]

    def publish():
        entries.append("fresh")
        return "fresh"

    async def answer(request):
        if request.path != "/storm/":
            raise web.HTTPNotFound
        articles = "".join(f'<article class="entry" data-id="{entry}"></article>' for entry in entries)
        return web.Response(text=PAGE.partition("<article")[0] + articles, content_type="text/html")

    findings = await findings_about_proxy(answer, publish, lambda: entries.remove("fresh"))
    assert levels(findings)["removal"] == Level.OK


async def test_refusal_in_the_middle_is_a_finding_beside_the_others():
    def publish():
        raise Refused("The live blog has ended.")

    findings = await findings_about_proxy(PAGE, publish)
    assert "The live blog has ended." in problem(findings, "live blog").message
    assert {"proxy", "originals", "websocket"} <= set(levels(findings))


@pytest.mark.parametrize("place", ["/media/../secret_key", "/media../secret_key"])
async def test_proxy_that_leaves_its_folder_of_pictures_is_found(monkeypatch, place):
    async def answer(request):
        if request.raw_path not in {place, "/storm/"}:
            raise web.HTTPNotFound
        return web.Response(text=PAGE.partition("<article")[0], content_type="text/html")

    monkeypatch.setattr("updates.doctor.outside.SHOWN_WITHIN", 0.1)
    findings = await findings_about_proxy(answer)
    assert place in problem(findings, "originals").message


async def test_second_cache_header_of_a_proxy_is_found(monkeypatch):
    async def answer(request):
        own = {"Cache-Control": "public, max-age=0, s-maxage=3"}
        response = web.Response(text=PAGE.partition("<article")[0], headers=own, content_type="text/html")
        response.headers.add("Cache-Control", "max-age=86400")
        return response

    monkeypatch.setattr("updates.doctor.outside.SHOWN_WITHIN", 0.1)
    findings = await findings_about_proxy(answer)
    assert "86400" in problem(findings, "cache headers").message


async def test_proxy_whose_page_never_gets_the_update_is_found(monkeypatch):
    monkeypatch.setattr("updates.doctor.outside.SHOWN_WITHIN", 0.1)
    findings = await findings_about_proxy(PAGE.partition("<article")[0])
    assert "still lacks an update" in problem(findings, "removal").message


async def test_proxy_that_is_not_trusted_redirects_to_itself():
    async def redirect(request):
        raise web.HTTPFound(request.path)

    findings = await findings_about_proxy(redirect)
    assert "TRUSTED_PROXIES" in problem(findings, "address").mend


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:1", "https://127.0.0.1:x", "https://[::1", "127.0.0.1", f"https://{'a' * 70}.example"]
)
def test_address_at_which_nothing_answers_is_found(address):
    findings = asyncio.run(examine_outside(address, "storm", str, str, []))
    assert "cannot be reached" in problem(findings, "address").message
