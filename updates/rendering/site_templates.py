"""Checks of the templates that a site puts before ours."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from django.template import TemplateDoesNotExist, TemplateSyntaxError, engines
from django.template.loader import get_template

INLINE: Final = re.compile(r"<script\b([^<>]*)>", re.IGNORECASE)
BLOCK: Final = re.compile(r"{%\s*block\s+(\w+)")
PARENT: Final = re.compile(r"""{%\s*extends\s+["']([^"']+)["']""")
Folders = tuple[Path, ...]

OURS: Final = ("updates/", "admin/")
"""Folders whose templates only count if they replace one of ours."""


def problems_of(site: Path, ours: Folders) -> list[str]:
    """Return what is wrong in the templates of a site. ``ours`` are the folders that
    they come before."""
    files = sorted(path for path in site.rglob("*") if path.suffix in {".html", ".xml"})
    texts = {str(path.relative_to(site)): path.read_text(encoding="utf-8") for path in files}
    return [f"{name}: {problem}" for name, text in texts.items() for problem in _problems(name, text, texts, ours)]


def _problems(name: str, text: str, texts: dict[str, str], ours: Folders) -> Iterator[str]:
    try:
        get_template(name)
    except (TemplateDoesNotExist, TemplateSyntaxError) as error:
        yield f"it cannot be read: {error}."
        return
    is_included = any(name in other for other in texts.values())
    if name.startswith(OURS) and not is_included and not _source(name, ours):
        yield "it replaces no template of the live blog, and none of yours includes it."
    for block in _unknown_blocks(text, texts, ours):
        yield f"no template that it extends has a block {block}, so it is never shown."
    for attributes in INLINE.findall(text):
        if "src=" not in attributes and "nonce" not in attributes and "json" not in attributes:
            yield 'an inline <script> does not run without nonce="{{ csp_nonce }}".'


def _unknown_blocks(text: str, texts: dict[str, str], ours: Folders) -> list[str]:
    """Return blocks that are not in any of the templates that this one extends, nor inside another block of it."""
    parent = PARENT.search(text)
    if not parent:
        return []
    known, name = set(), parent[1]
    while name:
        source = _source(name, ours) or texts.get(name, "")
        known |= set(BLOCK.findall(source))
        above = PARENT.search(source)
        name = above[1] if above and above[1] != name else ""
    return [block for block in BLOCK.findall(text) if block not in known]


def _source(name: str, ours: Folders) -> str:
    path = next((folder / name for folder in ours if (folder / name).is_file()), None)
    return path.read_text(encoding="utf-8") if path else ""


def template_folders() -> Folders:
    """Return all folders of templates, in the order in which they are searched."""
    [engine] = engines.all()
    return tuple(map(Path, engine.template_dirs))
