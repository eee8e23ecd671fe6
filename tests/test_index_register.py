"""The register: what it is given comes back whole, and a removed file leaves nothing behind."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from index import register_engine
from index.register import Register
from index.register_codec import decode_document, encode_document
from ingest.document import Clause, DocumentNumber, Metadata, Page, PolicyDocument, Reference, Span, Terms
from ingest.errors import PolicyError, RegisterBusy, RegisterError
from ingest.parse import document_from_text
from tests.postgres import Server, postgres  # noqa: F401 - a fixture

NOTICE = """关于促进数字经济发展的若干政策
皖政办〔2023〕12号
各市、县人民政府：
一、支持对象
（一）对首次认定的企业，给予50万元奖励。
（二）原《数字经济扶持办法》（皖政办〔2019〕3号）同时废止。
二、附则
本政策自2023年6月1日起施行，有效期三年。
安徽省人民政府办公厅
2023年5月10日
"""


def given_file(text: str, path: str = "") -> tuple[PolicyDocument, bytes, str]:
    return document_from_text(text, path=path), text.encode(), "text/plain"


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    """Where an empty register is to be."""
    if request.param == "sqlite":
        return tmp_path / "register.sqlite"
    server: Server = request.getfixturevalue("postgres")
    return server.address(server.new_database())


@pytest.fixture
def register(place: Path | str):
    opened = Register.open(place)
    yield opened
    opened.close()


texts = st.text(max_size=40)
numbers = st.builds(DocumentNumber, confidence=st.floats(0, 1))
references = st.builds(Reference, numbers=st.lists(numbers, max_size=2).map(tuple))
metadata = st.builds(Metadata, document_number=st.none() | numbers)


@st.composite
def documents(draw: st.DrawFn) -> PolicyDocument:
    text = draw(st.text(min_size=1, max_size=200))
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=5)) | {0, len(text)})
    spans = [Span(a, b) for a, b in pairwise(cuts)]
    clauses = tuple(draw(st.builds(Clause, span=st.just(span), text=st.just(span.of(text)))) for span in spans)
    parts = st.builds(
        PolicyDocument,
        text=st.just(text),
        clauses=st.just(clauses),
        metadata=metadata,
        references=st.lists(references, max_size=3).map(tuple),
        terms=st.from_type(Terms),
        pages=st.lists(st.from_type(Page), max_size=3).map(tuple),
    )
    return draw(parts)


@given(documents())
def test_a_document_comes_back_equal_in_every_field(document):
    assert decode_document(encode_document(document)) == document


def test_the_register_gives_back_document_and_original(register):
    document, content, media_type = given_file(NOTICE, "省里/皖政办12号.txt")
    receipt = register.add(document, content, media_type)
    assert (receipt.outcome, receipt.document_id) == ("added", "皖政办〔2023〕12号")
    assert register.document(receipt.document_id) == document
    original = register.original(receipt.document_id)
    assert (original.name, original.media_type, original.content) == ("皖政办12号.txt", media_type, content)


def test_everything_survives_closing_and_opening(place):
    document, *rest = given_file(NOTICE)
    first = Register.open(place)
    first.add(document, *rest)
    entries, change, identity = first.entries(), first.last_change(), first.identity
    first.close()
    again = Register.open(place)
    assert (again.entries(), again.last_change(), again.identity) == (entries, change, identity)
    assert again.document(document.id) == document
    again.close()


def test_the_card_says_what_the_file_says(register):
    register.add(*given_file(NOTICE, "a.txt"))
    card = register.entries()["皖政办〔2023〕12号"].card
    assert card.title == "关于促进数字经济发展的若干政策"
    assert (card.document_number, card.masked, card.year) == ("皖政办〔2023〕12号", False, 2023)
    assert (str(card.issued_on), str(card.effective_on)) == ("2023-05-10", "2023-06-01")
    assert (card.file, card.versions) == ("a.txt", 1)


A_TITLE, B_TITLE = "关于支持专精特新企业的通知", "关于做好防汛工作的通知"
NUMBER, OTHER = "合政办〔2022〕18号", "合政办〔2022〕19号"


def body(title: str, number: str = "", sentence: str = "给予一次性奖励。") -> str:
    return "\n".join(filter(None, (title, number, "各县区：", f"一、{sentence}", "2022年3月1日"))) + "\n"


# first file, second file, outcome of the second, whether both are one document
IDENTITY = [
    # the same bytes under another name are the same file
    (body(A_TITLE, NUMBER), "a.txt", body(A_TITLE, NUMBER), "copy.txt", "unchanged", True),
    # same number and title: a new version, wherever it lies
    (body(A_TITLE, NUMBER), "a.txt", body(A_TITLE, NUMBER, "给予奖励十万元。"), "b.txt", "new_version", True),
    # 同号异题: one of the two numbers is wrong; both are kept
    (body(A_TITLE, NUMBER), "a.txt", body(B_TITLE, NUMBER), "b.txt", "conflict", False),
    # another number is another document, even at the same path with the same title
    (body(A_TITLE, NUMBER), "a.txt", body(A_TITLE, OTHER), "a.txt", "added", False),
    # without a number the path decides
    (body(A_TITLE), "a.txt", body(A_TITLE, sentence="给予奖励十万元。"), "a.txt", "new_version", True),
    (body(A_TITLE), "a.txt", body(A_TITLE, sentence="给予奖励十万元。"), "b.txt", "added", False),
    # no path says nothing
    (body(A_TITLE), "", body(B_TITLE), "", "added", False),
    # a masked number identifies nothing
    (body(A_TITLE, "皖发〔202x〕12号"), "a.txt", body(A_TITLE, "皖发〔202x〕12号", "另一句。"), "b.txt", "added", False),
    # the same words with other white space: one text in two formats
    (body(A_TITLE), "a.txt", body(A_TITLE).replace("\n", "\n\n"), "b.txt", "new_version", True),
]  # fmt: skip


@pytest.mark.parametrize(("first", "first_path", "second", "second_path", "outcome", "one"), IDENTITY)
def test_which_file_is_a_version_of_which(register, first, first_path, second, second_path, outcome, one):
    before = register.add(*given_file(first, first_path))
    after = register.add(*given_file(second, second_path))
    assert before.outcome == "added"
    assert after.outcome == outcome
    assert (after.document_id == before.document_id) is one
    assert len(register.entries()) == (1 if one else 2)


def test_a_conflict_names_both_files_and_is_known_by_its_bytes(register):
    register.add(*given_file(body(A_TITLE, NUMBER)))
    document, *rest = given_file(body(B_TITLE, NUMBER))
    receipt = register.add(document, *rest)
    assert receipt.document_id == document.sha256[:12]
    assert A_TITLE in receipt.message and B_TITLE in receipt.message and NUMBER in receipt.message
    kept = register.document(receipt.document_id)
    assert {c.id.partition("#")[0] for c in kept.clauses} == {document.sha256[:12]}
    assert kept.text == document.text


def test_an_old_version_stays_readable_under_the_same_id(register):
    old, *rest = given_file(body(A_TITLE), "a.txt")
    first = register.add(old, *rest)
    new, *rest = given_file(body(A_TITLE, sentence="改为奖励十万元。"), "a.txt")
    second = register.add(new, *rest)
    assert second.document_id == first.document_id != new.id
    assert register.document(first.document_id).text == new.text
    assert register.document(first.document_id, old.sha256) == old
    assert [(v.sha256, v.current) for v in register.versions(first.document_id)] == [
        (old.sha256, False),
        (new.sha256, True),
    ]
    assert register.entries()[first.document_id].card.versions == 2
    assert register.add(old, b"", "text/plain").outcome == "unchanged"
    assert register.document(first.document_id).text == new.text


def test_references_and_clauses_follow_a_renamed_document(register):
    register.add(*given_file(NOTICE.replace("数字经济", "低空经济")))
    document, *rest = given_file(NOTICE)
    receipt = register.add(document, *rest)
    assert receipt.outcome == "conflict"
    kept = register.document(receipt.document_id)
    ids = {clause.id for clause in kept.clauses}
    assert {reference.clause_id for reference in kept.references} <= ids
    assert {clause.parent for clause in kept.clauses} <= {None, *ids}
    assert kept == replace(
        document, id=kept.id, clauses=kept.clauses, references=kept.references
    )  # and nothing else has changed


@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
def test_after_removal_no_byte_of_the_file_is_left(register, tmp_path):
    secret = "绝不外传的一句话"
    document, content, media_type = given_file(body(A_TITLE, sentence=secret * 500), "a.txt")
    register.add(document, content, media_type)
    later, *rest = given_file(body(A_TITLE, sentence=secret * 501), "a.txt")
    register.add(later, *rest)
    register.cache_vectors("m", {document.id: {b"h": b"0123456789abcdef" * 40}})
    register.remove(document.id)
    stored = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert secret.encode() not in stored
    assert b"0123456789abcdef" not in stored
    assert document.sha256.encode() not in stored
    with pytest.raises(PolicyError, match=document.id):
        register.document(document.id)
    with pytest.raises(PolicyError, match=document.id):
        register.remove(document.id)


def test_a_file_added_again_after_removal_is_the_same_document(register):
    document, *rest = given_file(NOTICE)
    register.add(document, *rest)
    register.remove(document.id)
    assert register.add(document, *rest).outcome == "added"
    assert register.document(document.id) == document


def test_the_change_log_holds_the_last_change_of_each_document_and_its_ids_only_grow(register):
    first, *first_rest = given_file(body(A_TITLE), "a.txt")
    second, *second_rest = given_file(body(B_TITLE), "b.txt")
    register.add(first, *first_rest)
    seen = register.last_change()
    register.add(second, *second_rest)
    assert [(c.document_id, c.kind) for c in register.changes(seen)] == [(second.id, "put")]
    register.remove(second.id)
    removal = register.last_change()
    assert [(c.document_id, c.kind) for c in register.changes()] == [(first.id, "put"), (second.id, "removed")]
    register.add(second, *second_rest)
    assert [(c.document_id, c.kind) for c in register.changes(removal)] == [(second.id, "put")]
    assert seen < removal < register.last_change()


def test_vectors_are_kept_by_document_and_model(register):
    first, *first_rest = given_file(body(A_TITLE), "a.txt")
    second, *second_rest = given_file(body(B_TITLE), "b.txt")
    register.add(first, *first_rest)
    register.add(second, *second_rest)
    register.cache_vectors(
        "m", {first.id: {b"1": b"one", b"2": b"two"}, second.id: {b"1": b"one"}, "gone": {b"9": b""}}
    )
    register.cache_vectors("other", {first.id: {b"1": b"ONE"}})
    assert register.cached_vectors("m", [b"1", b"2", b"3", b"9"]) == {b"1": b"one", b"2": b"two"}
    assert register.cached_vectors("other", [b"1", b"2"]) == {b"1": b"ONE"}
    register.remove(first.id)
    # "1" is also a text of the second document; "2" was only the first one's
    assert register.cached_vectors("m", [b"1", b"2"]) == {b"1": b"one"}
    assert register.cached_vectors("other", [b"1"]) == {}


def test_vectors_are_replaced_without_looking_through_those_of_other_documents(register):
    """By the column of the model SQLite took 0.1 s a document at 100,000 vectors, in which nobody else could write."""
    document, *rest = given_file(body(A_TITLE), "a.txt")
    register.add(document, *rest)
    plans = []

    def explain(connection, _cursor, statement, parameters, *_):
        if statement.startswith("DELETE FROM embeddings") and connection.dialect.name == "sqlite":
            raw = connection.connection.dbapi_connection
            plans.extend(row[3] for row in raw.execute(f"EXPLAIN QUERY PLAN {statement}", parameters))

    sa.event.listen(register._engine, "before_cursor_execute", explain)
    register.cache_vectors("m", {document.id: {b"1": b"one"}})
    assert all("embeddings_of_document" in plan for plan in plans)
    assert plans or register._engine.dialect.name != "sqlite"


def test_a_register_that_is_written_elsewhere_says_so(register, place, monkeypatch):
    monkeypatch.setattr(register_engine, "BUSY_MS", 50)
    other = Register.open(place)
    with register_engine.writing(register._engine), pytest.raises(RegisterBusy, match="占用") as caught:
        other.add(*given_file(NOTICE))
    assert caught.value.hint
    assert other.add(*given_file(NOTICE)).outcome == "added"
    other.close()


def test_a_newer_format_is_not_touched(tmp_path):
    path = tmp_path / "register.sqlite"
    Register.open(path).close()
    with sqlite3.connect(path) as raw:
        raw.execute("PRAGMA user_version = 99")
    before = path.read_bytes()
    with pytest.raises(RegisterError, match="99") as caught:
        Register.open(path)
    assert "升级" in caught.value.hint
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [b"garbage " * 1000, "这不是数据库".encode() * 100])
def test_a_file_that_is_no_register_is_refused_and_kept(tmp_path, content):
    path = tmp_path / "register.sqlite"
    path.write_bytes(content)
    with pytest.raises(RegisterError, match=r"register\.sqlite") as caught:
        Register.open(path)
    assert "备份" in caught.value.hint
    assert path.read_bytes() == content


def test_a_damaged_register_is_reported_when_it_is_read(tmp_path):
    path = tmp_path / "register.sqlite"
    register = Register.open(path)
    for i in range(60):
        register.add(*given_file(body(A_TITLE, sentence=f"第{i}句。" * 300), f"{i}.txt"))
    register.close()
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(size // 3)
        file.write(b"\xff" * (size // 2))
    again = Register.open(path)
    with pytest.raises(RegisterError, match="损坏"):
        [again.document(id_) for id_ in again.entries()]
    again.close()


FULL_DISK = """
import resource, sys
from pathlib import Path
from index.register import Register
from ingest.errors import RegisterError
from ingest.parse import document_from_text
register = Register.open(Path(sys.argv[1]))
small = document_from_text("一、按《办法》（皖政〔2020〕1号）执行。\\n")
register.add(small, b"x", "text/plain")
resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
try:
    register.add(document_from_text("一、按《办法》（皖政〔2020〕2号）执行。\\n"), bytes(2_000_000), "text/plain")
except RegisterError as error:
    print(error, error.hint)
assert list(register.entries()) == [small.id]
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no resource limits")
def test_a_full_disk_is_reported_and_loses_nothing(tmp_path):
    path = tmp_path / "register.sqlite"
    child = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(path)], cwd=Path(__file__).parent.parent, capture_output=True, text=True
    )
    assert child.returncode == 0, child.stderr
    assert "磁盘" in child.stdout
    register = Register.open(path)
    assert len(register.entries()) == 1
    register.close()
