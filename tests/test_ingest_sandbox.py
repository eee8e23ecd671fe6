"""The child process: what it returns, and that no file can take more than its share or stop the next one."""

import io
import os
import pickle
import struct
import zipfile
import zlib
from concurrent.futures import ThreadPoolExecutor

import docx
import pytest

from ingest.corpus import source_file
from ingest.document import PolicyDocument
from ingest.errors import CorruptFile, NoText, ReadError, TimedOut, TooLarge, UnsupportedFormat
from ingest.limits import MEGABYTE
from ingest.measures import find_measures
from ingest.sandbox import Limits, Sandbox
from tests.hostile_files import squeezed

POLICY = "云澜市人民政府关于促进产业发展的若干政策\n云政〔2024〕6号\n一、总体要求\n加强组织领导。\n二、附则\n本政策自2024年3月20日起施行。\n"


def policy(path="政策.txt", text=POLICY):
    return source_file(path, text.encode())


def pdf_with_stream(stream, length=None):
    """One page whose content is the given Flate stream."""
    head = b"%PDF-1.4\n"
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>",
        b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (length or len(stream), stream),
    )
    body, offsets = head, []
    for number, content in enumerate(objects, 1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    return body + b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF" % (
        size, table, size, len(body),
    )  # fmt: skip


def bomb_pdf():
    return pdf_with_stream(squeezed(b" " * MEGABYTE, 600))


def bomb_docx():
    """A package of 2 MB whose one part unpacks to 2 GB; a megabyte is packed once and repeated."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = (packer.compress(bytes(MEGABYTE)) + packer.flush(zlib.Z_FULL_FLUSH)) * 2047 + packer.flush()
    name = b"word/document.xml"
    fields = struct.pack("<HHHHHIIIHH", 20, 0, zipfile.ZIP_DEFLATED, 0, 33, 0, len(data), 2047 * MEGABYTE, len(name), 0)
    entry = b"PK\x03\x04" + fields + name + data
    directory = b"PK\x01\x02" + struct.pack("<H", 20) + fields + struct.pack("<HHHII", 0, 0, 0, 0, 0) + name
    return entry + directory + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(directory), len(entry), 0)


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox() as opened:
        yield opened


def test_a_document_comes_back_whole(sandbox):
    source = policy()
    document = sandbox.parse(source)
    assert isinstance(document, PolicyDocument)
    assert (document.path, document.sha256, document.text) == (source.path, source.sha256, POLICY)
    assert "".join(clause.text for clause in document.clauses) == POLICY
    assert document.metadata.document_number.canonical == "云政〔2024〕6号"


def test_one_bad_file_after_another_and_the_rest_goes_in(sandbox):
    """The batch of an office: each bad file gets its own clear line, every good file is read."""
    word = io.BytesIO()
    good = docx.Document()
    good.add_paragraph("第一条 为了促进产业发展，制定本办法。")
    good.save(word)
    batch = (
        ("空.txt", b"", NoText),
        ("好.txt", POLICY.encode(), None),
        ("截断.pdf", b"%PDF-1.7\n1 0 obj\n<<", CorruptFile),
        ("假.docx", "不是 Word".encode(), CorruptFile),
        ("炸弹.docx", bomb_docx(), TooLarge),
        ("好.docx", word.getvalue(), None),
        ("旧.ppt", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "PowerPoint Document".encode("utf-16-le"), UnsupportedFormat),
        ("好.html", f"<html><body><div id=zoom>{POLICY}</div></body></html>".encode(), None),
    )
    for path, content, error in batch:
        if error is None:
            assert sandbox.parse(source_file(path, content)).clauses
            continue
        with pytest.raises(ReadError) as caught:
            sandbox.parse(source_file(path, content))
        assert type(caught.value) is error
        assert path in str(caught.value)
        assert caught.value.hint


def test_a_file_over_the_limit_is_not_even_sent():
    with Sandbox(Limits(input_bytes=10)) as small, pytest.raises(TooLarge, match=r"超过.*政策.txt"):
        small.parse(policy())


def test_a_file_that_takes_too_long_is_stopped_and_the_next_one_is_read():
    slow = policy("慢.txt", "第一条 内容。" * 3_000_000)
    with Sandbox(Limits(seconds=1)) as impatient:
        with pytest.raises(TimedOut, match=r"超过 1 秒.*慢.txt"):
            impatient.parse(slow)
        assert impatient.parse(policy()).text == POLICY


@pytest.mark.skipif(os.name != "posix", reason="the system has no limit on address space")
@pytest.mark.parametrize(
    ("path", "content"),
    (
        ("大.txt", lambda: "第一条".encode() * 6_000_000),
        ("大.pdf", bomb_pdf),
    ),
    ids=("text", "a PDF of 1 MB that unpacks to 600"),
)
def test_a_file_that_needs_too_much_memory_is_stopped_and_the_next_one_is_read(path, content):
    with Sandbox(Limits(memory_bytes=300 * MEGABYTE)) as narrow:
        # Python says that memory ran out; PDFium ends the process.
        with pytest.raises((TimedOut, CorruptFile), match=r"大|文件") as caught:
            narrow.parse(source_file(path, content()))
        assert caught.value.hint
        assert narrow.parse(policy()).text == POLICY


def test_a_worker_that_died_or_was_closed_is_replaced_and_the_same_bytes_give_the_same_document():
    with Sandbox() as sandbox:
        document = sandbox.parse(policy())
        sandbox._worker._process.kill()
        assert sandbox.parse(policy()) == document
        process = sandbox._worker._process
        sandbox.close()
        assert process.poll() is not None, "a closed sandbox leaves no process"
        assert sandbox.parse(policy()) == document


@pytest.mark.parametrize("between", ["nothing", "another file", "the child was killed", "its measures were read"])
def test_the_measures_are_those_of_the_document_that_is_asked_for(between):
    grant = "一、对新认定的高新技术企业，给予{}万元一次性奖励。\n"
    with Sandbox() as sandbox:
        document = sandbox.parse(policy(text=POLICY + grant.format(20)))
        match between:
            case "another file":
                sandbox.parse(policy("另一份.txt", POLICY + grant.format(30)))
            case "the child was killed":
                sandbox._worker._process.kill()
                sandbox._worker._process.wait()
            case "its measures were read":
                sandbox.measures(document)
        found = sandbox.measures(document)
    assert len(found) == 1
    assert found == find_measures(document)


def test_threads_share_one_worker_and_each_gets_its_own_document(sandbox):
    sources = [policy(f"{number}.txt", POLICY.replace("6号", f"{number}号")) for number in range(1, 25)]
    with ThreadPoolExecutor(8) as threads:
        documents = list(threads.map(sandbox.parse, sources))
    assert [document.path for document in documents] == [source.path for source in sources]
    assert [document.sha256 for document in documents] == [source.sha256 for source in sources]


def test_a_page_is_drawn_in_the_child_too(sandbox):
    content = pdf_with_stream(zlib.compress(b"0 0 10 10 re f"))
    assert sandbox.page_image(content, 1, "没有的句子").startswith(b"\x89PNG")
    with pytest.raises(CorruptFile, match="没有第 2 页"):
        sandbox.page_image(content, 2, "")


class Attack:
    def __reduce__(self):
        return os.mkdir, ("attacked",)


def test_a_captured_child_cannot_run_code_in_the_parent(tmp_path, monkeypatch):
    from ingest.sandbox import _ResultUnpickler

    monkeypatch.chdir(tmp_path)
    with pytest.raises(pickle.UnpicklingError):
        _ResultUnpickler(io.BytesIO(pickle.dumps(Attack()))).load()
    assert list(tmp_path.iterdir()) == []
