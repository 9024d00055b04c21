from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Names with a hash, imports between ES modules rewritten to them, compressed beside the originals.

    Django rewrites an ``import`` only where the line ends in a semicolon; a test walks the modules for it.
    """

    support_js_module_import_aggregation = True
    keep_only_hashed_files = False
