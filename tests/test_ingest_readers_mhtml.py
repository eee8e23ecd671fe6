"""MHTML: the page that a browser saved, without the pictures and frames around it."""

import base64
import quopri

import pytest

from ingest.corpus import source_file
from ingest.errors import CorruptFile
from ingest.readers import read

PAGE = (
    "<html><head><meta http-equiv=Content-Type content='text/html; charset={}'></head><body><div class=TRS_Editor>"
    "<p>云澜市人民政府关于促进产业发展的若干政策</p><p>首次上规的企业，奖励20万元。</p></div></body></html>"
)
LINES = ["云澜市人民政府关于促进产业发展的若干政策", "首次上规的企业，奖励20万元。"]


def part(content, kind="text/html", charset="", encoding="base64"):
    packed = base64.encodebytes(content) if encoding == "base64" else quopri.encodestring(content)
    head = f"Content-Type: {kind}{f'; charset={charset}' if charset else ''}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    return head.encode() + packed.replace(b"\n", b"\r\n")


def archive(*parts, head="From: <Saved by Blink>\r\nSubject: x\r\nMIME-Version: 1.0\r\n"):
    start = f'{head}Content-Type: multipart/related; type="text/html"; boundary="----B"\r\n\r\n'.encode()
    return start + b"".join(b"------B\r\n" + part + b"\r\n" for part in parts) + b"------B--\r\n"


def lines(content):
    return read(source_file("网页.mht", content)).text.splitlines()


SAVED = (
    ("Chrome", archive(part(PAGE.format("utf-8").encode(), encoding="quoted-printable"), part(b"GIF8", "image/gif"))),
    ("Internet Explorer", archive(part(PAGE.format("gb2312").encode("gb18030"), charset="gb2312"), head="From: =?gb2312?B?08k=?=\r\n")),
    ("the charset only in the part", archive(part(PAGE.format("").encode("gb18030"), charset="GBK"))),
    ("no charset at all", archive(part(PAGE.format("").encode("gb18030")))),
    ("a charset that is none", archive(part(PAGE.format("").encode(), charset="x-user-defined"))),
    ("a page that frames the text", archive(part(b"<html><frameset><frame src=a></frameset></html>"), part(PAGE.format("utf-8").encode()))),
    ("cut off", archive(part(PAGE.format("utf-8").encode()))[:-12]),
)  # fmt: skip


@pytest.mark.parametrize("content", [row[1] for row in SAVED], ids=[row[0] for row in SAVED])
def test_the_page_is_read_however_it_was_saved(content):
    assert lines(content) == LINES


def test_an_archive_without_a_page_is_damaged():
    with pytest.raises(CorruptFile, match=r"没有网页.*网页.mht"):
        lines(archive(part(b"GIF8", "image/gif")))
