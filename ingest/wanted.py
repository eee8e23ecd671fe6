"""Which files of a folder or an archive are looked at, by their names alone."""

from __future__ import annotations

from collections.abc import Collection, Sequence

# Lists that describe a folder of policy files; they are no policy files.
_SKIPPED_NAMES = frozenset(("index.tsv", "manifest.csv", "thumbs.db", "desktop.ini"))
# What macOS puts beside each file of an archive.
_SKIPPED_FOLDERS = frozenset(("__macosx",))


def is_passed_over(name: str) -> bool:
    """Hidden files, README files, lists, and ~$通知.docx: the lock file that Word leaves beside an open document."""
    return name.startswith((".", "~$")) or name.lower() in _SKIPPED_NAMES or name.upper().startswith("README")


def is_folder_passed_over(name: str, files: Collection[str]) -> bool:
    """Hidden folders, and 通知_files beside 通知.html: the pictures and scripts of a page that a browser saved whole.

    ``files``: names of the files beside the folder.
    """
    stem = name.removesuffix("_files").removesuffix(".files")
    is_of_page = stem != name and (f"{stem}.html" in files or f"{stem}.htm" in files)
    return is_of_page or name.startswith(".") or name.lower() in _SKIPPED_FOLDERS


def wanted(paths: Sequence[str]) -> frozenset[str]:
    """Those of the paths of an archive (with ``/``) that would be looked at in a folder."""
    beside: dict[str, set[str]] = {}
    for path in paths:
        folder, _, name = path.rpartition("/")
        beside.setdefault(folder, set()).add(name)
    skipped: dict[str, bool] = {"": False}

    def is_skipped(folder: str) -> bool:
        if folder not in skipped:
            parent, _, name = folder.rpartition("/")
            skipped[folder] = is_skipped(parent) or is_folder_passed_over(name, beside.get(parent, ()))
        return skipped[folder]

    return frozenset(
        path
        for path in paths
        if not is_passed_over(path.rpartition("/")[2]) and not is_skipped(path.rpartition("/")[0])
    )
