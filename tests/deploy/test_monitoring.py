"""Alerts and dashboard name only measurements that exist, and Prometheus understands them."""

import json
import re
import shutil
import subprocess

import pytest
import yaml

from tests.servers import ROOT
from updates import metrics

FOLDER = ROOT / "deploy" / "prometheus"
ALERTS = yaml.safe_load((FOLDER / "alerts.yaml").read_text())
DASHBOARD = json.loads((FOLDER / "dashboard.json").read_text())
RULES = [rule for group in ALERTS["groups"] for rule in group["rules"]]
QUERIES = [target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]]


def measured():
    families = [family for family in metrics.REGISTRY.collect() if family.name.startswith("liveblog_")]
    endings = {"counter": ["_total"], "histogram": ["_bucket", "_count", "_sum"], "gauge": [""]}
    return {family.name: [family.name + ending for ending in endings[family.type]] for family in families}


def names_in(queries):
    return {name for query in queries for name in re.findall(r"liveblog_\w+", query)}


def test_alerts_and_dashboard_name_measurements_that_exist():
    known = {name for names in measured().values() for name in names}
    assert names_in(QUERIES) | names_in(rule["expr"] for rule in RULES) <= known


def test_dashboard_shows_every_measurement():
    names_shown = names_in(QUERIES)
    assert [family for family, names in measured().items() if not names_shown & set(names)] == []


def test_operations_page_lists_every_measurement():
    page = (ROOT / "docs" / "operations.md").read_text()
    assert set(re.findall(r"^\| `(liveblog_\w+)`", page, re.M)) == set(measured())


def test_each_alert_says_what_to_do():
    for rule in RULES:
        assert set(rule["annotations"]) == {"summary", "action"}
        assert rule["labels"]["severity"] in {"page", "ticket"}


@pytest.mark.services
@pytest.mark.once
def test_prometheus_understands_the_alerts():
    program = shutil.which("promtool")
    assert program, "No promtool; `make test` installs it"
    answer = subprocess.run(
        [program, "check", "rules", FOLDER / "alerts.yaml"], capture_output=True, text=True, check=False
    )
    assert answer.returncode == 0, answer.stdout + answer.stderr
