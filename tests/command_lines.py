"""The ``manage.py`` commands that the tests run, with their options, as their source shows them."""

import ast
from collections import defaultdict
from pathlib import Path

from django.core.management import get_commands

OF_CALL_COMMAND = {"stdout", "stderr", "verbosity"}
"""Keywords that are no options which a document shows."""


def constants(nodes):
    """Return the leading words among the nodes; an argument that is computed stands for a value."""
    return ["…" if not is_word(node) else node.value for node in nodes if not isinstance(node, ast.Starred)]


def is_word(node):
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def keywords(call):
    """Return keywords as options; those in capitals are variables of the environment."""
    names = [keyword.arg for keyword in call.keywords if keyword.arg and keyword.arg.islower()]
    return [f"--{name.replace('_', '-')}" for name in names if name not in OF_CALL_COMMAND]


def name_of(function):
    return getattr(function, "id", getattr(function, "attr", ""))


def words_after_manage(node):
    """Return what follows ``manage.py`` in a list or among arguments; ``None`` if it is not there."""
    parts = node.elts if isinstance(node, ast.List) else node.args if isinstance(node, ast.Call) else []
    for number, part in enumerate(parts):
        if any(is_word(each) and each.value.rpartition("/")[2] == "manage.py" for each in ast.walk(part)):
            return parts[number + 1 :]
    return None


class Module:
    """A file of tests: what it runs, and its functions that run what they are called with."""

    def __init__(self, path: Path):
        self.tree = ast.parse(path.read_text())
        self.lines: list[list[str]] = []
        self.helpers: dict[str, list[str]] = defaultdict(list)
        """By name: the words before those of the caller."""
        self._read(self.tree, "")

    def _read(self, node, function):
        for child in ast.iter_child_nodes(node):
            inner = child.name if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef) else function
            self._note(child, inner)
            self._read(child, inner)
        if isinstance(node, ast.FunctionDef) and node.name in self.helpers:  # a test of several commands
            for each in (each for decorator in node.decorator_list for each in ast.walk(decorator)):
                if isinstance(each, ast.Tuple | ast.List):
                    self.lines.append([*self.helpers[node.name], *constants(each.elts)])

    def _note(self, node, function):
        words, options = words_after_manage(node), []
        if words is None and isinstance(node, ast.Call) and name_of(node.func) == "call_command":
            words, options = node.args, keywords(node)
        if words is None:
            return
        line = [*constants(words), *options]
        self.lines.append(line)
        is_open = any(isinstance(word, ast.Starred | ast.Name) for word in words)
        if function and (is_open or any(each.arg is None for each in getattr(node, "keywords", []))):
            self.helpers[function] = [word for word in line if word != "…"]

    def calls(self, helpers):
        """Yield the command lines of calls to helpers, of this module or of another that has it."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call) and (name := name_of(node.func)) in {**helpers, **self.helpers}:
                before = self.helpers[name] if name in self.helpers else helpers[name]
                yield [*before, *constants(node.args), *keywords(node)]


def command_lines(folder: Path) -> list[tuple[str, set[str]]]:
    """Return each command that the tests in a folder run, with its options."""
    modules = [Module(path) for path in folder.rglob("*.py")]
    shared = {name: words for module in modules for name, words in module.helpers.items() if name == "manage"}
    lines = [line for module in modules for line in [*module.lines, *module.calls(shared)]]
    known = get_commands()
    return [(line[0], {word for word in line if word.startswith("--")}) for line in lines if line and line[0] in known]
