from collections.abc import Iterator

from whitenoise.storage import CompressedManifestStaticFilesStorage

SOURCES = "js/"


class HashedStaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Static files under names with a hash, compressed beside the originals.

    The bundles of ``static/bundles`` import one another by name: Django writes the hashed names into them.
    """

    support_js_module_import_aggregation = True
    keep_only_hashed_files = False

    def post_process(self, paths: dict[str, object], *args: object, **options: object) -> Iterator[object]:
        """Leave the scripts' sources as they are: only the source maps of the bundles name them."""
        served = {name: place for name, place in paths.items() if not name.startswith(SOURCES)}
        yield from super().post_process(served, *args, **options)
