"""The reader's modules joined into one file when static files are collected; ``static/js`` itself stays as it is.

Twenty small files compress badly and are fetched one after another, as each names the next. Every module becomes a
function of its own that leaves what it exports in one register, ``$``; so names cannot collide, and what is fetched
only when a reader needs it (``import("…")``) stays a file, which gets the register handed over. Private names
(``#waiting``) mean nothing outside their class, so they become letters.

Only the few forms that our modules use are understood. Anything else stops ``collectstatic`` with its name.
"""

import posixpath
import re
import string
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

IMPORT = re.compile(r"""^import \{([^}]+)\} from "(\.[^"]+)";$""", re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:async )?(?:function|class|const) (\w+))", re.MULTILINE)
LATER = re.compile(r"""\bimport\("(\.[^"]+)"\)""")
PRIVATE = re.compile(r"^ +(?:(?:async|get|set) )*#(\w+)", re.MULTILINE)  # where a class declares it
USED = re.compile(r"(?<=[.\s])#(\w+)")
OTHER = re.compile(r"^(?:import|export)\b(?!\().*|\bimport\.meta.*|\bimport\((?!\").*", re.MULTILINE)


class CannotJoin(ValueError):
    """A module that is written in a way this file does not know."""


@dataclass(frozen=True)
class Module:
    name: str
    text: str

    def path(self, target: str) -> str:
        return posixpath.normpath(posixpath.join(posixpath.dirname(self.name), target))

    @cached_property
    def imports(self) -> list[tuple[str, list[str]]]:
        """Modules that must run before this one, with the names it takes from each."""
        return [
            (self.path(target), [name.split(" as ")[0].strip() for name in names.split(",") if name.strip()])
            for names, target in IMPORT.findall(self.text)
        ]

    @cached_property
    def later(self) -> list[str]:
        return [self.path(target) for target in LATER.findall(self.text)]

    @cached_property
    def exports(self) -> list[str]:
        return EXPORT.findall(self.text)


def join(entry: str, read: Callable[[str], str]) -> dict[str, str]:
    """The text of ``entry`` with all it imports, and of each module that is fetched later."""
    return Joined(entry, read).files()


class Joined:
    def __init__(self, entry: str, read: Callable[[str], str]) -> None:
        self.read = read
        self.modules: dict[str, Module] = {}
        self.order: list[str] = []
        self.later: list[str] = []
        self._visit(entry, ())
        for name in self.later:  # grows while it is walked
            for needed, _ in self._module(name).imports:
                self._visit(needed, (name,))
            self._note_later(name)
        # What runs at the start runs in the order of the imports, the entry last
        self.order.remove(entry)
        self.order.append(entry)
        self.entry = entry

    def files(self) -> dict[str, str]:
        body = "".join(self._joined(self.modules[name]) for name in self.order)
        apart = [name for name in self.later if name not in self.order]
        return {self.entry: f"const $=[];\n{body}"} | {
            name: f"export default ($)=>{self._place(name)}??={self._function(self.modules[name], name)};\n"
            for name in apart
        }

    def _visit(self, name: str, above: tuple[str, ...]) -> None:
        """Depth first, in the order of the imports: as a browser would run them."""
        if name in above:
            raise CannotJoin(f"{name}: imports itself by way of {', '.join(above[above.index(name) :])}")
        if name in self.order:
            return
        for needed, names in self._module(name).imports:
            self._visit(needed, (*above, name))
            if missing := set(names) - set(self.modules[needed].exports):
                raise CannotJoin(f"{name}: {needed} does not export {', '.join(sorted(missing))}")
        self.order.append(name)
        self._note_later(name)

    def _note_later(self, name: str) -> None:
        self.later += [target for target in self._module(name).later if target not in self.later]

    def _module(self, name: str) -> Module:
        if name not in self.modules:
            self.modules[name] = module = Module(name, self.read(name))
            for line in OTHER.findall(EXPORT.sub("", IMPORT.sub("", module.text))):
                raise CannotJoin(f"{name}: “{line}” is not understood")
        return self.modules[name]

    def _place(self, name: str) -> str:
        return f"$[{list(self.modules).index(name)}]"

    def _joined(self, module: Module) -> str:
        return f"{self._place(module.name)}={self._function(module, self.entry)};\n"

    @staticmethod
    def _shortened(text: str) -> str:
        short = dict(zip(dict.fromkeys(PRIVATE.findall(text)), string.ascii_letters, strict=False))
        return USED.sub(lambda found: f"#{short.get(found[1], found[1])}", text)

    def _function(self, module: Module, file: str) -> str:
        """The module's text as a function of its own, called at once; ``file`` is where it will stand."""

        def taken(found: re.Match[str]) -> str:
            names = found[1].replace(" as ", ": ")
            return f"const {{{names}}} = {self._place(module.path(found[2]))};"

        def fetched(found: re.Match[str]) -> str:
            target = module.path(found[1])
            if target in self.order:
                return f"Promise.resolve({self._place(target)})"
            address = posixpath.relpath(target, posixpath.dirname(file) or ".")
            return f'import("{address if address.startswith(".") else f"./{address}"}").then((file)=>file.default($))'

        text = LATER.sub(fetched, IMPORT.sub(taken, EXPORT.sub("", self._shortened(module.text))))
        return f"(()=>{{\n{text}\nreturn {{{','.join(module.exports)}}};\n}})()"
