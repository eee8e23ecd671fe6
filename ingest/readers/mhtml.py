"""MHTML (.mht, .mhtml): a web page that a browser or Word saved with its pictures in one file."""

from __future__ import annotations

import email
import email.message
import email.policy
from dataclasses import replace

from ingest.document import SourceFile, SourceText
from ingest.errors import CorruptFile, NoText
from ingest.readers.webpage import read_webpage

_MAX_PAGES = 20


def read_mhtml(source: SourceFile) -> SourceText:
    """The page; where it only frames other pages, the longest of these that has text. Raises as the reader of web pages."""
    pages = pages_of(source.content)
    if not any(page.strip() for page in pages):
        raise CorruptFile(f"网页存档里没有网页：{source.path}", "请用浏览器打开后另存为“网页，仅 HTML”再上传")
    for page in pages[:-1]:
        try:
            return read_webpage(replace(source, content=page))
        except NoText:
            continue
    return read_webpage(replace(source, content=pages[-1]))


def pages_of(content: bytes) -> list[bytes]:
    """The page itself, then those that it frames, the longest first."""
    message = email.message_from_bytes(content, policy=email.policy.compat32)
    pages = [
        _page(part) for part in message.walk() if part.get_content_type() in ("text/html", "application/xhtml+xml")
    ]
    return [*pages[:1], *sorted(pages[1:], key=len, reverse=True)][:_MAX_PAGES]


def _page(part: email.message.Message) -> bytes:
    """HTML of a part, as UTF-8 where the part names its charset."""
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return b""
    charset = part.get_content_charset("")
    try:
        return b"\xef\xbb\xbf" + content.decode("gb18030" if charset in ("gb2312", "gbk") else charset).encode()
    except (LookupError, UnicodeDecodeError):
        return content
