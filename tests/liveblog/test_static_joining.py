"""The reader's modules as one file do what they do apart."""

import json
import re
import subprocess

import pytest
from rjsmin import jsmin

from liveblog.joining import CannotJoin, join
from tests.servers import ROOT

PARTS = {
    "main.js": 'import { start } from "./parts/start.js";\nimport { said } from "./parts/log.js";\n'
    "start();\nawaited.then(() => console.log(JSON.stringify(said)));\n",
    "parts/log.js": "export const said = [];\nexport function say(word) {\n  said.push(word);\n}\n"
    "const hidden = 1;\nsay(hidden);\n",
    "parts/start.js": 'import { say as tell } from "./log.js";\n'
    'import { Counter } from "./counter.js";\n\n'
    "const hidden = 2; // the same name as in log.js\n"
    "const fetched = () =>\n"
    '  import("./rare.js").then(({ rare }) => rare());\n'
    "export function start() {\n  tell(hidden);\n  tell(new Counter().next());\n"
    '  globalThis.awaited = fetched().then(fetched).then(() => import("./log.js")).then((log) => log.say("end"));\n}\n',
    "parts/counter.js": 'import { say } from "./log.js";\n'
    "/** Counts. */\nexport class Counter {\n  #count = 0;\n\n"
    "  get #following() {\n    return this.#count + 1;\n  }\n\n"
    '  #say() {\n    say("#count, it\'s #" + this.#count);\n  }\n\n'
    "  next() {\n    this.#count = this.#following;\n    this.#say();\n    return this.#count;\n  }\n}\n"
    "say(`two  blanks ${[0].length} // no comment`);\n"
    'say("a//b".replace(/\\/\\/|"\'/g, "  "));\n'
    'export async function later() {\n  return say("later");\n}\n',
    "parts/rare.js": 'import { say } from "./log.js";\nimport { extra } from "./extra.js";\n'
    'let calls = 0;\nsay("rare");\nexport function rare() {\n  say(extra + ++calls);\n}\n',
    "parts/extra.js": "export const extra = 10;\n",
}


def run(folder, files):
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    (folder / "package.json").write_text('{"type": "module"}')
    done = subprocess.run(["node", folder / "main.js"], capture_output=True, text=True, check=True, timeout=30)
    return json.loads(done.stdout)


def without(name, text):
    return lambda asked: (PARTS | {name: text})[asked]


@pytest.mark.parametrize("shorten", [str, jsmin])
def test_joined_modules_run_as_they_do_apart(tmp_path, shorten):
    joined = {name: shorten(text) for name, text in join("main.js", PARTS.get).items()}
    assert set(joined) == {"main.js", "parts/rare.js"}
    said = run(tmp_path / "joined", joined)
    assert said == run(tmp_path / "apart", PARTS)
    assert said == [1, "two  blanks 1 // no comment", "a  b", 2, "#count, it's #1", 1, "rare", 11, 12, "end"]


def test_private_names_are_letters():
    counter = join("main.js", PARTS.get)["main.js"].partition("class Counter")[2]
    assert re.findall(r"(?:this\.|  |get )#\w+", counter)[:3] == ["  #a", "get #b", "this.#a"]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('import log from "./log.js";', "import log"),
        ('import * as log from "./log.js";', "import \\*"),
        ('import "./log.js";', "import"),
        ('import { say } from "./log.js"', "import"),
        ('import { say } from "elsewhere";', "elsewhere"),
        ("export default 1;", "export default"),
        ("export let count = 0;", "export let"),
        ("const here = import.meta.url;", "import.meta"),
        ("const more = import(name);", "import\\(name"),
        ('import { unsaid } from "./log.js";', "does not export unsaid"),
        ('import { start } from "./start.js";', "imports itself"),
    ],
)
def test_module_in_another_form_is_refused(line, reason):
    with pytest.raises(CannotJoin, match=f"parts/.*{reason}"):
        join("main.js", without("parts/counter.js", f"{line}\n{PARTS['parts/counter.js']}"))


def test_no_template_stands_inside_another():
    """The tool that takes blanks and comments away reads a template from one backtick to the next."""
    nested = re.compile(r"\$\{[^}`]*`")
    sources = (ROOT / "static" / "js").rglob("*.js")
    assert [str(file) for file in sources if nested.search(file.read_text())] == []


def test_small_modules_pass_the_tests_of_the_written_ones(tmp_path):
    """What the tool takes away must not be missed: private fields, templates, expressions."""
    for source in (ROOT / "static" / "js").rglob("*.js"):
        small = tmp_path / source.relative_to(ROOT)
        small.parent.mkdir(parents=True, exist_ok=True)
        small.write_text(jsmin(source.read_text()))
        subprocess.run(["node", "--check", small], check=True, timeout=30)
    (tmp_path / "package.json").write_text('{"type": "module"}')
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "js").symlink_to(ROOT / "tests" / "js")
    tests = [tmp_path / "tests" / "js" / file.name for file in (ROOT / "tests" / "js").glob("*.test.js")]
    command = ["node", "--preserve-symlinks", "--preserve-symlinks-main", "--test", *tests]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout[-3000:]
