"""Every regular expression of the product takes time in proportion to its text.

Patterns are collected from the modules, so that a new one is tried without being named here. Each is run over texts
made of its own parts: repeated, in pairs, and with an end that does not fit, which is what makes a bad pattern slow.
"""

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from itertools import chain, pairwise, product
from time import process_time

import pytest
import regex

import liveblog
import updates
from tests.servers import ROOT

SIZES = (24, 1_000, 8_000, 32_000, 128_000)
MOST = 1.0
"""Seconds for the largest text. A linear pattern takes some hundredths of it, the mildest quadratic one twice it."""

ANCHORED = {
    "updates.content.providers": "match, on addresses of at most 1,000 characters",
    "updates.content.charts_and_maps": "match, on addresses of at most 1,000 characters",
    "updates.content.embeds": "fullmatch, on hosts",
    "updates.content.own_providers": "the operator's settings",
}
"""Modules whose patterns are tried at the start of a text only, and how they are used."""

TOOLS = ("updates.migrations", "updates.bench", "updates.rehearsal", "updates.environment", "liveblog.asgi")
"""Modules that see no text of strangers: measuring commands, and messages about the operator's settings."""


def modules():
    for package in (updates, liveblog):
        yield package
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.startswith(TOOLS):
                yield importlib.import_module(module.name)


def patterns_in(value, depth=3) -> Iterator[re.Pattern | regex.Pattern]:
    if isinstance(value, re.Pattern | regex.Pattern):
        yield value
    elif depth and isinstance(value, dict):
        yield from chain.from_iterable(patterns_in(inner, depth - 1) for inner in value.values())
    elif depth and isinstance(value, list | tuple | set | frozenset):
        yield from chain.from_iterable(patterns_in(inner, depth - 1) for inner in value)
    elif depth and is_dataclass(value) and not isinstance(value, type):
        yield from chain.from_iterable(patterns_in(getattr(value, field.name), depth - 1) for field in fields(value))


def collected():
    patterns = {}
    for module in modules():
        for value in vars(module).values():
            for pattern in patterns_in(value):
                patterns.setdefault((pattern.pattern, pattern.flags), (pattern, module.__name__))
    return patterns.values()


def parts_of(pattern):
    """Characters that the pattern speaks of, and its pieces of plain text."""
    source = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    plain = re.sub(r"\(\?(?:P<\w+>|<?[!=:]|[a-z]+[:)])|\\[a-zA-Z]|\\[pPux]\{?\w*\}?", "|", source)
    words = {word for word in re.split(r"[\[\](){}|*+?^$\\]+", plain) if word}
    letters = {sign for sign in source if not sign.isalnum()} | {"a", "1", "é", " ", "\t", "\n", "\r", "-", "/"}
    return sorted(words), sorted(letters)


def texts(pattern, size):
    """Longer than ``size``: repeated parts, and pairs of them, each ending in what nothing asks for."""
    words, letters = parts_of(pattern)
    starts = ["", *words[:6]]
    pumps = [*letters, *words, *(one + other for one, other in product(letters[:12], repeat=2) if one != other)]
    pumps += [word + letter for word, letter in product(words[:6], letters)]
    for pump in pumps:
        yield pump * (size // len(pump)) + "\x00"
    for start, letter in product(starts[1:], letters):
        yield start + letter * size + "\x00"


def seconds(pattern, text, *, anchored):
    if isinstance(pattern.pattern, bytes):
        text = text.encode()
    started = process_time()
    if anchored:
        pattern.match(text)
        pattern.fullmatch(text)
    else:
        pattern.sub(b"" if isinstance(text, bytes) else "", text)
    return process_time() - started


@pytest.mark.once
@pytest.mark.long
def test_every_pattern_takes_time_in_proportion_to_its_text():
    slow = {
        f"{module}: {pattern.pattern!r}": text
        for pattern, module in collected()
        if (text := slow_text(pattern, module))
    }

    assert slow == {}


def slow_text(pattern, module):
    """How the first text begins for which the pattern takes too long.

    Sizes rise, so that it is noticed early. A text is tried in the next size only if the pattern could take too long:
    for that one, were its time to grow with the cube of the size, or for the largest, were it to grow with the square.
    The slowest text is tried first.
    """
    numbers = None
    for size, larger in pairwise([*SIZES, SIZES[-1]]):
        tried = list(texts(pattern, size))
        taken = {}
        for number in range(len(tried)) if numbers is None else numbers:
            taken[number] = seconds(pattern, tried[number], anchored=module in ANCHORED)
            if taken[number] > MOST:
                return tried[number][:20]
        growth = max((larger / size) ** 3, (SIZES[-1] / size) ** 2)
        numbers = sorted((number for number in taken if taken[number] * growth > MOST), key=taken.get, reverse=True)
    return None


@pytest.mark.parametrize("source", [r"[ \t]*\n[ \t\n]*", r"\s+|[\w'-]*\w|.", r"(a+)+$"])
@pytest.mark.long
def test_pattern_that_takes_the_square_of_its_text_is_noticed(source):
    assert slow_text(re.compile(source), "")


@pytest.mark.once
def test_all_patterns_are_compiled_in_their_module():
    """Those that a function hands to ``re.sub`` and the like are not seen by the test above."""
    inside = []
    for path in sorted(chain((ROOT / "updates").rglob("*.py"), (ROOT / "liveblog").rglob("*.py"))):
        if ".".join(path.relative_to(ROOT).parts).startswith(TOOLS):
            continue
        for function in ast.walk(ast.parse(path.read_text())):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                inside += [
                    f"{path.relative_to(ROOT)}:{call.lineno}" for call in ast.walk(function) if _is_pattern(call)
                ]
    assert inside == []


def _is_pattern(call):
    match call:
        case ast.Call(func=ast.Attribute(value=ast.Name(id="re" | "regex"), attr=name)):
            return name in {"search", "match", "fullmatch", "sub", "subn", "split", "findall", "finditer"}
    return False
