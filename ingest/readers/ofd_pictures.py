"""The pictures of an OFD document: a page of a scan is nothing but one."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from lxml import etree
from PIL import Image

from ingest.errors import CorruptFile
from ingest.readers.archive import BROKEN, Package, local_name
from ingest.readers.picture import page_picture


class Pictures:
    """Pictures by the id under which the pages of one document name them."""

    def __init__(self, package: Package, location: str, document: etree._Element) -> None:
        self._package = package
        self._parts = dict(_listed(package, location, document))

    def draw(self, resource: str) -> Image.Image:
        """The picture, ready for recognition. Raises CorruptFile, TooLarge."""
        name = self._parts.get(resource, "")
        try:
            content = self._package.read(name)
        except BROKEN as error:
            raise CorruptFile(f"页面图片已损坏：{name}") from error
        if content is None:
            raise CorruptFile(f"页面图片缺失：{name or resource}")
        return page_picture(content, name)


def named(root: etree._Element, name: str) -> Iterator[etree._Element]:
    """Elements by local name: files use several namespaces for the same standard."""
    return (element for element in root.iter() if local_name(element) == name)


def resolve(base: str, location: str) -> str:
    """Name of a part, given relative to the part that names it or, with a leading slash, to the container."""
    location = location.strip().replace("\\", "/")
    if location.startswith("/"):
        return location.lstrip("/")
    return posixpath.normpath(posixpath.join(posixpath.dirname(base), location))


def _listed(package: Package, location: str, document: etree._Element) -> Iterator[tuple[str, str]]:
    """Id and part of each picture in the lists of resources (DocumentRes, PublicRes). A broken list is an empty one."""
    for kind in ("PublicRes", "DocumentRes"):
        for place in named(document, kind):
            part = resolve(location, place.text or "")
            try:
                resources = package.xml(part)
            except BROKEN:
                continue
            if resources is None:
                continue
            folder = posixpath.join(posixpath.dirname(part), resources.get("BaseLoc", ""), "_")
            for media in named(resources, "MultiMedia"):
                file = next(named(media, "MediaFile"), None)
                if file is not None and file.text:
                    yield media.get("ID", ""), resolve(folder, file.text)
