"""What a web page holds beyond the text that was taken in: annexes to download, pictures, hidden text, further pages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import unquote

from lxml import etree

from ingest.normalize import tidy
from ingest.readers.webpage_lines import SKIPPED, is_concealed

_FILE = re.compile(r"\.(?:pdf|docx?|wps|xlsx?|et|pptx?|ofd|rtf|zip|rar|7z|csv)$", re.I)
_EMBEDS = ("iframe", "embed", "object", "frame")
_TINY = 60
_ICON = re.compile(
    r"icon|logo|ico[_/.-]|wx\.|weixin|weibo|qrcode|ewm|/(?:doc|docx|xls|xlsx|pdf|zip|rar)\.(?:gif|png|jpe?g)$", re.I
)
# 上一页 1 2 3 下一页, 第1页 / 共3页, and the script of the TRS publishing system.
_NEXT_PAGE = re.compile(r"^\W*(?:下一?页|下页|next)\W*$", re.I)
_TURNED_BY_SCRIPT = re.compile(r"createPageHTML\(\s*(\d{1,4})\s*,")
_LISTED = 8
_NAME_LIMIT = 60


def account(root: etree._Element, article: etree._Element) -> tuple[str, ...]:
    """Warnings, in Chinese, for what of the page ``root`` is not in the text that was read from ``article``."""
    shown, hidden = _shown(article)
    pictures = sum(element.tag == "img" and _is_picture(element) for element in shown)
    frames = sum(element.tag in _EMBEDS and not _is_file(_target(element)) for element in shown)
    warnings = (
        _attachments(root, shown),
        f"含图片 {pictures} 张，其中文字未收入" if pictures else "",
        f"正文内嵌 {frames} 个框架，其内容未收入" if frames else "",
        f"有 {hidden} 个字在网页上不可见，未收入" if hidden else "",
        _pages(root),
    )
    return tuple(filter(None, warnings))


def _shown(article: etree._Element) -> tuple[list[etree._Element], int]:
    """The elements that can be seen, and the number of characters that cannot."""
    shown, hidden = [], 0
    walker = etree.iterwalk(article, events=("start",))
    for _, element in walker:
        if not isinstance(element.tag, str) or (element.tag in SKIPPED and element.tag not in _EMBEDS):
            walker.skip_subtree()
        elif is_concealed(element):
            hidden += len(re.sub(r"\s", "", "".join(element.itertext())))
            walker.skip_subtree()
        else:
            shown.append(element)
    return shown, hidden


def _attachments(root: etree._Element, shown: Iterable[etree._Element]) -> str:
    """Files to which the article links; outside it those that are called 附件, for many sites put their list below it."""
    linked = map(_linked_file, shown)
    below = (name for name in map(_linked_file, root.iter("a")) if name and name.startswith("附"))
    names = list(dict.fromkeys(filter(None, (*linked, *below))))
    if not names:
        return ""
    more = f"等{len(names)}个" if len(names) > _LISTED else ""
    return f"未收录的附件：{'；'.join(names[:_LISTED])}{more}（网页只给出下载链接，请下载后另行上传）"


def _linked_file(element: etree._Element) -> str | None:
    if element.tag not in ("a", *_EMBEDS):
        return None
    target = _target(element)
    text = tidy(" ".join("".join(element.itertext()).split())) if element.tag == "a" else ""
    if not target or not (_is_file(target) or _FILE.search(text)):
        return None
    return (text or unquote(re.split("[?#]", target)[0].rsplit("/", 1)[-1]))[:_NAME_LIMIT]


def _target(element: etree._Element) -> str:
    return element.get("href") or element.get("src") or element.get("data") or ""


def _is_file(target: str) -> bool:
    return _FILE.search(re.split("[?#]", target)[0]) is not None


def _is_picture(image: etree._Element) -> bool:
    """Not the icon of a file type, a spacer or a button."""
    sizes = [_pixels(image, name) for name in ("width", "height")]
    return not any(size is not None and size < _TINY for size in sizes) and not _ICON.search(image.get("src", "")[:500])


def _pixels(image: etree._Element, name: str) -> int | None:
    styled = re.search(rf"(?:^|;)\s*{name}\s*:\s*(\d{{1,5}})(?:\.\d+)?px", image.get("style", ""), re.I)
    given = styled or re.fullmatch(r"\s*(\d{1,5})(?:px)?\s*", image.get(name, ""))
    return int(given[1]) if given else None


def _pages(root: etree._Element) -> str:
    scripts = (match for script in root.iter("script") for match in _TURNED_BY_SCRIPT.finditer(script.text or ""))
    count = max((int(match[1]) for match in scripts), default=1)
    if count > 1:
        return f"正文在网站上分为 {count} 页，只收入了这一页，请把其余各页一并保存上传"
    if any(_NEXT_PAGE.match("".join(link.itertext())[:20]) and link.get("href") for link in root.iter("a")):
        return "网页有“下一页”，只收入了这一页，请核对正文是否完整"
    return ""
