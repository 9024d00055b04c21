from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile
from rjsmin import jsmin
from whitenoise.storage import CompressedManifestStaticFilesStorage

from liveblog.joining import join

READERS_SCRIPT = "js/main.js"
OUR_SCRIPTS = "js/"


class HashedStaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Our scripts joined and made small, names with a hash, imports rewritten to them, compressed beside the originals.

    Django rewrites an ``import`` only where the line ends in a semicolon; a test walks the modules for it.
    With ``DEBUG`` the sources are served as they stand.
    """

    support_js_module_import_aggregation = True
    keep_only_hashed_files = False

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        """Hash what is served and not what was written: so the small text takes the source's place beforehand."""
        if not dry_run:
            for name, text in small_scripts(paths).items():
                self.delete(name)  # may be a link to the source
                self._save(name, ContentFile(text.encode()))
                paths = paths | {name: (self, name)}
        yield from super().post_process(paths, dry_run, **options)


def small_scripts(paths: dict[str, Any]) -> dict[str, str]:
    """Our scripts by name, without comments and needless blanks; the reader's joined into one."""

    def read(name: str) -> str:
        storage, path = paths[name]
        with storage.open(path) as file:
            return str(file.read().decode())

    ours = {name: read(name) for name in paths if name.startswith(OUR_SCRIPTS) and name.endswith(".js")}
    if READERS_SCRIPT in ours:
        ours |= join(READERS_SCRIPT, read)
    return {name: jsmin(text) for name, text in ours.items()}
