"""Our own files under names that change with what they hold."""

from __future__ import annotations

from servestatic.storage import CompressedManifestStaticFilesStorage


class HashedFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Also the scripts that a script imports: else a browser would run the new page with an old
    part of its script until its cache forgets it."""

    support_js_module_import_aggregation = True
