"""Reads a page's structured data, and checks it with schema.org's vocabulary and with the rules of search engines."""

import json
import re
import subprocess

from tests.servers import ROOT

SCRIPT = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
TOOL = ROOT / "node_modules/structured-data-testing-tool/bin/cli.js"


def structured_data(html):
    """Return the objects of a page's only block."""
    [block] = SCRIPT.findall(html)
    return json.loads(block)


def of_type(data, name):
    [match] = [each for each in data if each["@type"] == name]
    return match


def everything_in(data):
    """Yield each name with its value, at any depth."""
    if isinstance(data, list):
        for each in data:
            yield from everything_in(each)
    elif isinstance(data, dict):
        for name, value in data.items():
            yield name, value
            yield from everything_in(value)


def vocabulary_errors(folder, pages):
    """Compare with the types of ``schema-dts``: they know every type and property, and which value each takes."""
    types = sorted({each["@type"] for data in pages for each in data})
    lines = [f'import type {{ WithContext, {", ".join(types)} }} from "schema-dts";']
    for number, each in enumerate(each for data in pages for each in data):
        lines.append(f"export const data{number}: WithContext<{each['@type']}> = {json.dumps(each)};")
    (folder / "data.ts").write_text("\n".join(lines))
    (folder / "node_modules").symlink_to(ROOT / "node_modules")
    compiler = [str(ROOT / "node_modules/.bin/tsc"), "--noEmit", "--strict", "--skipLibCheck", "--target", "es2022"]
    options = ["--module", "nodenext", "--moduleResolution", "nodenext"]
    return subprocess.run(
        [*compiler, *options, "data.ts"], cwd=folder, capture_output=True, text=True, check=False, timeout=120
    ).stdout


def preset_errors(file):
    """Return what the presets for Google, Twitter and Facebook find wrong; empty if they pass."""
    command = ["node", str(TOOL), "--file", str(file), "--presets", "Google,Twitter,Facebook"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    return done.stdout + done.stderr if done.returncode or "0 failed" not in done.stdout else ""
