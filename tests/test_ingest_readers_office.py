"""DOC, WPS, RTF and ODT: real LibreOffice, real files, inside the sandbox as in the product."""

import http.server
import io
import signal
import struct
import subprocess
import sys
import threading
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor

import docx
import pytest

from ingest.corpus import source_file
from ingest.errors import CorruptFile, EncryptedFile, TimedOut, UnsupportedFormat
from ingest.readers import office, read, sniff
from ingest.sandbox import Sandbox
from tests.ole_file import ole_file
from tests.word_package import cell, para, part, row, run, table, word

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
    (folder / "修订.docx").write_bytes(revised())
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    for suffix in ("doc", "rtf", "odt"):
        given = [folder / name for name in ("政策.docx", "修订.docx")[: 2 if suffix == "doc" else 1]]
        command = [PROGRAM, profile, "--headless", "--convert-to", suffix, "--outdir", folder, *given]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
    made = {suffix: (folder / f"政策.{suffix}").read_bytes() for suffix in ("doc", "rtf", "odt")}
    return made | {"revised": (folder / "修订.doc").read_bytes()}


def revised():
    """A document with a deletion, an insertion, a text box, a note and merged cells."""
    by = 'w:author="某" w:date="2024-01-01T00:00:00Z"'
    changes = f'<w:ins w:id="1" {by}>{run("20万元")}</w:ins><w:del w:id="2" {by}><w:r><w:delText>10万元</w:delText></w:r></w:del>'
    style = "position:absolute;margin-left:0;margin-top:0;width:200pt;height:50pt"
    content = f"<v:textbox><w:txbxContent>{para('框内文字')}</w:txbxContent></v:textbox>"
    box = f'<w:r><w:pict><v:shape type="#_x0000_t202" style="{style}">{content}</v:shape></w:pict></w:r>'
    separators = "".join(
        f'<w:footnote w:type="{kind}" w:id="{number}"><w:p><w:r><w:{kind}/></w:r></w:p></w:footnote>'
        for number, kind in enumerate(("separator", "continuationSeparator"))
    )
    note = f'<w:footnote w:id="2"><w:p><w:r><w:footnoteRef/></w:r>{run(" 指税后。")}</w:p></w:footnote>'
    reference = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    merged = (
        row(cell("类别", '<w:vMerge w:val="restart"/>'), cell("标准", '<w:gridSpan w:val="2"/>')),
        row(cell("", "<w:vMerge/>"), "市", "区"),
    )
    body = (
        para("奖励", changes, "。")
        + para("带框。", box)
        + para("带注", reference, "。")
        + table(*merged)
        + para("完。")
    )
    return word(body, footnotes=part("w:footnotes", separators + note))


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox() as opened:
        yield opened


@with_libreoffice
@pytest.mark.parametrize(("suffix", "name"), (("doc", "政策.wps"), ("rtf", "政策.rtf"), ("odt", "a/../政策.odt")))
def test_an_old_file_is_read_like_its_docx(sandbox, saved, suffix, name):
    """The name is only a name: what is converted lies in a folder of its own."""
    source = source_file(name, saved[suffix])
    document = sandbox.parse(source)
    assert document.text.splitlines() == [*POLICY, "首次上规\t20万元", "表后。"]
    assert document.metadata.document_number.canonical == "云政〔2024〕6号"
    assert (document.path, document.sha256) == (name, source.sha256)


@with_libreoffice
def test_what_was_deleted_stays_deleted_and_boxes_notes_and_merged_cells_are_kept(sandbox, saved):
    document = sandbox.parse(source_file("修订.doc", saved["revised"]))
    assert document.text.splitlines() == [
        "奖励20万元。", "框内文字", "带框。", "带注[注1]。", "注1：指税后。", "类别\t标准", "\t市\t区", "完。",
    ]  # fmt: skip
    assert any("修订" in warning for warning in document.warnings)


@with_libreoffice
def test_two_files_at_once_and_the_same_bytes_give_the_same_text(saved):
    """Each conversion has a profile of its own; with one profile the second would fail."""
    source = source_file("政策.doc", saved["doc"])
    with ThreadPoolExecutor(2) as threads:
        first, second = threads.map(read, (source, source))
    assert first == second
    assert POLICY[-1] in first.text


ENCRYPTED = (
    ("机要.doc", ole_file(WordDocument=b"\xec\xa5" + bytes(9) + b"\x01" + bytes(600))),
    ("机要.wps", ole_file(Data=b"x", WordDocument=b"\xec\xa5" + bytes(9) + b"\x81" + bytes(600))),
    ("清单.xls", ole_file(Workbook=struct.pack("<HH16x", 0x809, 16) + struct.pack("<HH6x", 0x2F, 6))),
    ("机要.docx", ole_file(EncryptionInfo=b"x", EncryptedPackage=b"x")),
)


@pytest.mark.parametrize(("name", "content"), ENCRYPTED, ids=[row[0] for row in ENCRYPTED])
def test_a_password_is_called_a_password_not_damage(name, content):
    with pytest.raises(EncryptedFile, match=f"密码.*{name}"):
        read(source_file(name, content))


def test_an_old_file_is_what_its_own_streams_say_not_those_of_a_file_inside_it():
    assert sniff(ole_file(Workbook=b"x" * 100 + "WordDocument".encode("utf-16-le"))) == "application/vnd.ms-excel"
    assert sniff(ole_file(WordDocument=b"\xec\xa5" + bytes(100), Data=b"x")) == "application/msword"


def test_a_part_of_libreoffice_that_is_not_installed_is_named(monkeypatch, tmp_path):
    """Debian installs Writer and Calc apart; without Calc LibreOffice reports success and makes no file."""
    program = tmp_path / "soffice"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    (tmp_path / "libswlo.so").write_bytes(b"")
    monkeypatch.setattr(office, "_PROGRAMS", (str(program),))
    with pytest.raises(UnsupportedFormat, match=r"Calc 组件.*没有安装.*清单.et") as caught:
        read(source_file("清单.et", ole_file(Workbook=b"x")))
    assert "另存为 .xlsx" in caught.value.hint


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent ended")
def test_a_conversion_ends_with_the_process_that_asked_for_it(tmp_path):
    program, noted = tmp_path / "soffice", tmp_path / "pid"
    program.write_text(f"#!/bin/sh\necho $$ > {noted}.new; mv {noted}.new {noted}; exec sleep 60\n")
    program.chmod(0o755)
    (tmp_path / "坏.rtf").write_bytes(b"{\\rtf1 \xd6\xd0")
    code = f"""
from pathlib import Path
from ingest.corpus import source_file
from ingest.readers import office, read
office._PROGRAMS = ({str(program)!r},)
read(source_file("坏.rtf", Path({str(tmp_path / "坏.rtf")!r}).read_bytes()))
"""
    parent = subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.DEVNULL)
    wait_until(noted.exists)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    wait_until(lambda: not is_running(int(noted.read_text())))


def is_running(process):
    try:
        with open(f"/proc/{process}/stat", encoding="ascii", errors="replace") as status:
            return status.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait_until(condition):
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


with_calc = pytest.mark.skipif(
    PROGRAM is None or not office._has_part(PROGRAM, "sclo"),
    reason="LibreOffice Calc, which reads .xls, is not installed",
)


@with_calc
def test_an_old_list_is_read_like_its_xlsx(tmp_path):
    (tmp_path / "清单.csv").write_text("名称,标准\n首次上规,20万元\n", encoding="utf-8")
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    options = [PROGRAM, profile, "--headless", "--infilter=CSV:44,34,76", "--convert-to"]
    for suffix in ("xls", "ods"):
        subprocess.run([*options, suffix, "--outdir", tmp_path, tmp_path / "清单.csv"], check=True, timeout=120)
        text = read(source_file(f"清单.{suffix}", (tmp_path / f"清单.{suffix}").read_bytes())).text
        assert text == "名称\t标准\n首次上规\t20万元\n"


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
