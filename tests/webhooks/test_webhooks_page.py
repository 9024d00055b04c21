"""The page about webhooks: its examples work, and its table is complete."""

import json
import re

import pytest

from tests.factories import editor_of, post
from tests.servers import ROOT
from tests.webhooks.conftest import send
from updates.choices import WebhookType
from updates.publishing.webhooks import order_test

PAGE = (ROOT / "docs" / "webhooks.md").read_text()


def example(language):
    return re.search(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)[1]


def names_in(value, before=""):
    for name, inner in value.items() if isinstance(value, dict) else []:
        yield before + name
        yield from names_in(inner[0] if isinstance(inner, list) and inner else inner, f"{before}{name}.")


@pytest.mark.django_db(transaction=True)
def test_the_example_reads_real_messages_and_refuses_false_ones(event, webhook, receiver):
    names = {}
    exec(example("python"), names)  # noqa: S102 – the example of our own page
    post(event, "Gate holds")
    order_test(webhook, editor_of(event))
    send()
    assert len(receiver.records) == 2
    for row in receiver.records:
        heads, body = {name.lower(): value for name, value in row["headers"].items()}, row["body"].encode()
        message = names["read_message"](heads, body, webhook.secret)
        if message["type"] == "entry.published":
            assert set(names_in(json.loads(example("json")))) <= set(names_in(message))
        for changed in ({"webhook-id": "msg_other"}, {"webhook-timestamp": "1"}, {"webhook-signature": "v1,AAAA"}):
            with pytest.raises(ValueError, match=r"too old|not from us"):
                names["read_message"](heads | changed, body, webhook.secret)
        with pytest.raises(ValueError, match="not from us"):
            names["read_message"](heads, body + b" ", webhook.secret)


def test_the_table_has_every_type():
    assert re.findall(r"^\| `([\w.]+)` \|", PAGE, re.MULTILINE) == WebhookType.values
