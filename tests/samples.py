"""Real input that lies beside the project and is not part of it; what needs it is skipped where it is absent."""

import json

import pytest

from tests.servers import ROOT

SAMPLES = ROOT.parent / "shared" / "samples"


def sample(name):
    path = SAMPLES / name
    if not path.exists():
        pytest.skip(f"no sample {name} in {SAMPLES}")
    return path


def sample_json(name):
    return json.loads(sample(name).read_text())
