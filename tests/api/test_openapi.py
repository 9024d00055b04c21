"""The description of the API, the examples of its page, and the running server say the same."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.factories import editor_of, make_event, make_picture, post, post_many
from tests.servers import ROOT, running_site
from updates import publishing
from updates.models import Entry, Event
from updates.publishing import EmbedContent, EntryContent, PhotoContent, QuoteContent, TextContent

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]

PAGE = (ROOT / "docs" / "api.md").read_text()


def example(language, number=0):
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)[number]


@pytest.fixture
def site(tmp_path, transactional_db):
    event = make_event(slug="storm-maren")
    author = editor_of(event)
    image = make_picture(author).pk
    blocks = (
        TextContent("<p>It held.</p>"),
        QuoteContent("It held.", "The guard"),
        PhotoContent(image, "A gate", "Noor"),
        EmbedContent("https://youtu.be/aqz-KE-bpKQ", "Watch", "Film", image),
        EmbedContent("https://example.org/page"),
    )
    entries = [post(event, "Flood gate holds", blocks=blocks, is_key=True), *post_many(event, 3)]
    publishing.correct(entries[0].pk, EntryContent("The flood gate holds", blocks, is_key=True), "Not 6.", author)
    publishing.remove(entries[1].pk, author)
    with running_site(tmp_path / "site.log", API_REQUESTS_PER_MINUTE="0") as running:
        yield running


@pytest.mark.long
def test_the_server_does_what_the_description_says(site, tmp_path):
    """Real values lead to full answers; made-up and impossible ones to the problems that are described."""
    described = json.loads(site.get("/api/v1/openapi.json"))
    assert described["servers"] == [{"url": f"{site.url}/api/v1"}]
    event = json.loads(site.get("/api/v1/events/storm-maren"))
    (removed,) = json.loads(site.get(f"/api/v1/events/storm-maren/changes?after=0&epoch={event['epoch']}"))["removed"]
    latest = json.loads(site.get("/api/v1/events/storm-maren/entries"))["entries"][0]
    with_examples(described, slug=["storm-maren", "nowhere"], id=[latest["id"], removed["id"]], epoch=[event["epoch"]])
    place = tmp_path / "openapi.json"
    place.write_text(json.dumps(described))
    command = [sys.executable, "-m", "schemathesis.cli", "run", str(place), "--url", f"{site.url}/api/v1"]
    command += ["--phases", "examples,coverage,fuzzing", "--max-examples", "8", "--seed", "17", "--checks", CHECKS]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False)
    assert result.returncode == 0, result.stdout[-6000:] + result.stderr[-2000:]
    the_examples_of_the_page_work(site)


CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,"
    "response_schema_conformance,negative_data_rejection,unsupported_method"
)


def with_examples(described, **values):
    for operation in described["paths"].values():
        for parameter in operation["get"]["parameters"]:
            examples = values.get(parameter["name"])
            if examples:
                parameter["examples"] = {f"value{n}": {"value": value} for n, value in enumerate(examples)}


def the_examples_of_the_page_work(site):
    command = example("sh").replace("$SITE", site.url)
    answer = json.loads(subprocess.run(["bash", "-c", command], capture_output=True, check=True).stdout)
    shown = json.loads(example("json"))
    assert_like(shown, answer)
    names = {}
    exec(example("python"), names)  # noqa: S102 – the example of our own page
    updates, changes = names["read_all"](site.url, "storm-maren")
    assert [update["title"] for update in updates.values()] == ["Update 3", "Update 2", "The flood gate holds"]
    event = Event.objects.get(slug="storm-maren")
    gone = next(iter(updates))
    publishing.remove(Entry.objects.get(public_id=gone).pk, editor_of(event))
    new = post(event, "Meanwhile")
    changes = names["follow"](updates, changes)
    assert gone not in updates
    assert updates[new.public_id]["title"] == "Meanwhile"
    assert names["follow"](dict(updates), changes)


def assert_like(shown, answer):
    """What the page shows has the same names as the answer; what it leaves out it may leave out."""
    assert set(shown) <= set(answer), set(shown) - set(answer)
    for name, value in shown.items():
        if isinstance(value, dict):
            assert_like(value, answer[name])
        elif isinstance(value, list) and value:
            assert_like(value[0], answer[name][0])


def test_the_page_names_every_address_and_the_description_is_the_file():
    described = json.loads(Path(ROOT / "docs" / "openapi.json").read_text())
    for path in described["paths"].keys() - {"/", "/openapi.json"}:
        assert f"`/api/v1{path.replace('{', '<').replace('}', '>')}" in PAGE
