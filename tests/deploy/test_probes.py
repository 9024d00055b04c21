"""Probes of a server whose database is behind a line that is cut, or stays open and passes nothing."""

import time
from pathlib import Path

import pytest
from django.db import connection

from tests.live.test_readiness import FAR_TOO_LATE
from tests.proxy import Line
from tests.servers import database_url, readiness, running_site, wait_until

pytestmark = [
    pytest.mark.services,
    pytest.mark.database,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite is reached by no line"),
]


def state_of(site):
    status, report = readiness(site)
    return status, report["database"]


def test_readiness_tells_the_truth_while_the_database_is_silent_or_away(tmp_path, transactional_db):
    options = connection.settings_dict["OPTIONS"]
    host = connection.settings_dict["HOST"] or options["host"]
    line = Line(Path(host) / ".s.PGSQL.5432")
    port = line.url.rpartition(":")[2]
    through = database_url().replace("@/", f"@127.0.0.1:{port}/", 1)
    through = through.replace(f"host={host.replace('/', '%2F')}&", "")
    try:
        with running_site(tmp_path / "site.log", DATABASE_URL=through) as site:
            for harm, repair in ((line.freeze, line.cut_and_thaw), (line.cut, line.mend)):
                assert wait_until(lambda: state_of(site) == (200, "ok"), "it is ready")
                harm()
                start = time.monotonic()
                assert state_of(site) == (503, "gone")
                assert time.monotonic() - start < FAR_TOO_LATE
                assert site.get("/healthz") == "ok"
                repair()
            assert wait_until(lambda: state_of(site) == (200, "ok"), "it is ready again")
    finally:
        line.close()
