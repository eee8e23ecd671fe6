"""DOC, WPS, RTF and ODT: real LibreOffice, real files, inside the sandbox as in the product."""

import http.server
import io
import subprocess
import threading
import zipfile

import docx
import pytest

from ingest.corpus import source_file
from ingest.errors import CorruptFile, TimedOut, UnsupportedFormat
from ingest.readers import office, read, sniff
from ingest.sandbox import Sandbox

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512) + "WordDocument".encode("utf-16-le")
PROGRAM = office.find_program()
with_libreoffice = pytest.mark.skipif(PROGRAM is None, reason="LibreOffice is not installed: nothing converts .doc")
POLICY = (
    "云澜市人民政府关于促进产业发展的若干政策",
    "云政〔2024〕6号",
    "一、支持企业上规模",
    "首次上规的，奖励20万元。",
)


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """The policy as LibreOffice saves it, by suffix."""
    folder = tmp_path_factory.mktemp("office")
    document = docx.Document()
    for line in POLICY:
        document.add_paragraph(line)
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "首次上规", "20万元"
    document.add_paragraph("表后。")
    document.save(folder / "政策.docx")
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    made = {}
    for suffix in ("doc", "rtf", "odt"):
        command = [PROGRAM, profile, "--headless", "--convert-to", suffix, "--outdir", folder, folder / "政策.docx"]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        made[suffix] = (folder / f"政策.{suffix}").read_bytes()
    return made


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox() as opened:
        yield opened


@with_libreoffice
@pytest.mark.parametrize(
    ("suffix", "name"), (("doc", "政策.doc"), ("doc", "政策.wps"), ("rtf", "政策.rtf"), ("odt", "a/../政策.odt"))
)
def test_an_old_file_is_read_like_its_docx(sandbox, saved, suffix, name):
    """The name is only a name: what is converted lies in a folder of its own."""
    source = source_file(name, saved[suffix])
    document = sandbox.parse(source)
    assert document.text.splitlines() == [*POLICY, "首次上规\t20万元", "表后。"]
    assert document.metadata.document_number.canonical == "云政〔2024〕6号"
    assert (document.path, document.sha256) == (name, source.sha256)
    assert sandbox.parse(source) == document


DAMAGED = (
    ("坏.doc", OLE + bytes(range(256)) * 20),
    ("坏.rtf", b"{\\rtf1 \xd6\xd0"),
    ("坏.odt", b"PK\x03\x04" + bytes(26) + b"mimetypeapplication/vnd.oasis.opendocument.text"),
)


@with_libreoffice
@pytest.mark.parametrize(("name", "content"), DAMAGED, ids=[row[0] for row in DAMAGED])
def test_garbage_is_called_damaged_though_libreoffice_reports_success(sandbox, name, content):
    with pytest.raises(CorruptFile, match=name) as caught:
        sandbox.parse(source_file(name, content))
    assert caught.value.hint


@pytest.mark.parametrize(("name", "content"), DAMAGED[:2], ids=[row[0] for row in DAMAGED[:2]])
def test_without_libreoffice_the_message_says_what_to_do(monkeypatch, name, content):
    monkeypatch.setattr(office, "_PROGRAMS", ("no-such-program",))
    with pytest.raises(UnsupportedFormat, match=rf"需要 LibreOffice.*没有安装.*{name}") as caught:
        read(source_file(name, content))
    assert "另存为 .docx" in caught.value.hint


@with_libreoffice
def test_a_conversion_that_takes_too_long_is_ended(monkeypatch, saved):
    monkeypatch.setattr(office, "_SECONDS", 0.01)
    with pytest.raises(TimedOut, match=r"转换超过.*政策.doc"):
        read(source_file("政策.doc", saved["doc"]))


@pytest.fixture
def server():
    """A web server that notes what is asked of it."""
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_error(404)

        do_HEAD = do_OPTIONS = do_PROPFIND = do_GET

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as opened:
        threading.Thread(target=opened.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{opened.server_port}", asked
        opened.shutdown()


def linking_odt(content, address, secret):
    """The document with a picture on the web and a section that another file fills."""
    extra = (
        f'<text:section text:name="S"><text:section-source xlink:type="simple" xlink:href="{secret.as_uri()}"/><text:p>旧段</text:p></text:section>'
        f'<text:p><draw:frame draw:name="P" text:anchor-type="as-char"><draw:image xlink:type="simple" xlink:href="{address}/odt.png" '
        'xlink:actuate="onLoad"/></draw:frame></text:p></office:text>'
    )
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, part.replace(b"</office:text>", extra.encode()) if name == "content.xml" else part)
    return target.getvalue()


@with_libreoffice
def test_nothing_that_a_document_links_to_is_fetched(sandbox, saved, server, tmp_path):
    address, asked = server
    secret = tmp_path / "secret.txt"
    secret.write_text("别的文件的机密内容", encoding="utf-8")
    odt = linking_odt(saved["odt"], address, secret)
    assert sniff(odt) == "application/vnd.oasis.opendocument.text"
    text = sandbox.parse(source_file("链接.odt", odt)).text
    assert "首次上规的，奖励20万元。" in text
    assert "机密" not in text
    fields = (
        f'{{\\field{{\\*\\fldinst INCLUDEPICTURE "{address}/rtf.png" \\\\d}}{{\\fldrslt}}}}'
        f'{{\\field{{\\*\\fldinst INCLUDETEXT "{secret}"}}{{\\fldrslt}}}}'
    )
    rtf = saved["rtf"].rstrip().removesuffix(b"}") + fields.encode() + b"\\par }"
    assert "机密" not in sandbox.parse(source_file("链接.rtf", rtf)).text
    assert asked == []
