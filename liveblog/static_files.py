from collections.abc import Iterable, Iterator

from whitenoise.storage import CompressedManifestStaticFilesStorage

SOURCES = "js/"


class HashedStaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Static files with a hash in their names, and compressed copies of these.

    The bundles of ``static/bundles`` import one another by name, so Django inserts the hashed names.
    """

    support_js_module_import_aggregation = True
    keep_only_hashed_files = False

    def post_process(self, paths: dict[str, object], *args: object, **options: object) -> Iterator[object]:
        """Do not hash the sources of the scripts, which only the source maps of the bundles name."""
        served = {name: place for name, place in paths.items() if not name.startswith(SOURCES)}
        yield from super().post_process(served, *args, **options)

    def compress_files(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Compress what pages name: files with a hash, and of Django's own two copies of a library the small one."""
        named = {hashed for name, hashed in self.hashed_files.items() if not self._has_small_copy(name)}
        yield from super().compress_files(path for path in paths if path in named)

    def _has_small_copy(self, name: str) -> bool:
        stem, dot, suffix = name.rpartition(".")
        return f"{stem}.min{dot}{suffix}" in self.hashed_files
