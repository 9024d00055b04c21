"""The rehearsal with nginx and nchan before the servers: the gate has the faults of seconds, `make prove` has all."""

import json

import pytest

from tests.rehearsal.test_rehearse import rehearse
from updates.rehearsal.faults import FAULTS
from updates.rehearsal.run import split
from updates.rehearsal.stack import Plan

OWN = ["relay-killed", "relay-replaced", "relay-frozen", "nchan-restarted", "nginx-reloaded", "nginx-frozen"]


@pytest.mark.long
@pytest.mark.services
@pytest.mark.once
def test_nothing_is_lost_in_the_tier():
    chosen = [option for name in ("relay-killed", "nginx-reloaded") for option in ("--fault", name)]
    made = rehearse("--tier", "nchan", "--readers", "10", "--posts", "30", *chosen, "--json")
    assert made.stdout, made.stderr
    result = json.loads(made.stdout)
    assert [row["problems"] for row in result["faults"]] == [[], []]
    assert (made.returncode, result["clean"], result["setting"]["tier"]) == (0, True, "nchan")
    for row in result["faults"]:
        assert row["acknowledged"] >= 30
        assert row["delivered"] > row["readers"]


def test_faults_of_the_tier_need_it_and_those_of_the_servers_sockets_do_not_fit():
    direct, tier = Plan(processes=2), Plan(processes=2, tier=True)
    runnable, not_run = split(list(FAULTS), direct)
    assert {name: not_run[name] for name in OWN} == dict.fromkeys(
        OWN, "it needs nginx with nchan before the servers (--tier nchan)"
    )
    in_tier, left_out = split(list(FAULTS), tier)
    assert set(in_tier) - set(runnable) == set(OWN)
    assert {name for name, reason in left_out.items() if "nginx holds" in reason} == {"slow-reader", "hub-behind"}
