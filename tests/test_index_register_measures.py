"""Measures in the register: they come back whole, come in with their file, and are read again when the rules are newer."""

from __future__ import annotations

import random
import signal
import sqlite3
import threading
import time
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.folders import OwnerLock
from index.library import Library
from index.measures import MeasureRecord
from index.query import Filters, Query
from index.register import Register
from index.register_codec import decode, encode
from ingest.errors import TimedOut
from ingest.measures import find_measures
from ingest.measures.model import Measure
from ingest.parse import document_from_text
from ingest.sandbox import Limits, Sandbox

ROOT = Path(__file__).resolve().parents[1]
GRANT = "对首次认定的高新技术企业，给予一次性奖励{}万元。"

st.register_type_strategy(Decimal, st.decimals(allow_nan=False, allow_infinity=False))


@settings(max_examples=10, deadline=None)  # each is a whole measure with all its parts
@given(st.lists(st.from_type(Measure), max_size=2).map(tuple))
def test_measures_come_back_equal_to_the_last_digit(measures):
    """An amount of 1E+6 is not one of 1000000.0: what was read is kept as it was read."""
    again = decode(tuple[Measure, ...], encode(measures))
    assert again == measures
    assert repr(again) == repr(measures)


def found_in(library: Library) -> dict[str, tuple[Measure, ...]]:
    found: dict[str, tuple[Measure, ...]] = {}
    for record in library.measures():
        found[record.card.id] = (*found.get(record.card.id, ()), record.measure)
    return found


def words_of(library: Library, record: MeasureRecord) -> str:
    return record.measure.span.of(library.document(record.card.id, record.card.sha256).text)


def test_measures_come_in_with_their_file_and_go_with_it(library, policy):
    first = library.add_document(*policy(1, GRANT.format(20), GRANT.format(30))).document_id
    second = library.add_document(*policy(2, GRANT.format(40))).document_id
    expected = {id_: find_measures(library.document(id_)) for id_ in (first, second)}
    assert all(expected.values())
    assert found_in(library) == expected
    assert [record.card.id for record in library.measures(Filters(document_ids=(second,)))] == [second]
    library.remove(first)
    assert found_in(library) == {second: expected[second]}


def test_a_new_version_brings_its_own_measures(library, policy):
    id_ = library.add_document(*policy(1, GRANT.format(20))).document_id
    assert all("20万元" in words_of(library, record) for record in library.measures())
    library.add_document(*policy(1, GRANT.format(50)))
    words = [words_of(library, record) for record in library.measures()]
    assert words and all("50万元" in text for text in words)
    assert found_in(library) == {id_: find_measures(library.document(id_))}


def test_the_ids_follow_a_file_that_is_kept_under_another_id(library, policy):
    """Two files with one number: the second is kept under the hash of its bytes."""
    library.add_document(*policy(1, GRANT.format(20)))
    report = library.add_document(*policy(1, GRANT.format(30), title="关于另一件事的通知"))
    assert report.outcome == "conflict"
    (record, *_) = library.measures(Filters(document_ids=(report.document_id,)))
    assert record.measure.id.startswith(f"{report.document_id}#")
    assert record.measure.clause_id in {clause.id for clause in library.document(report.document_id).clauses}
    assert library.measure(record.measure.id) == record


def test_after_removal_no_byte_of_a_measure_is_left(tmp_path, policy):
    register = Register.open(tmp_path / "register.sqlite")
    document, *rest = policy(1, *["对绝不外传的企业，给予一次性奖励20万元。"] * 9)
    id_ = register.add(document, *rest, find_measures(document)).document_id
    assert register.measures().found
    register.remove(id_)
    stored = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert "绝不外传".encode() not in stored and document.sha256.encode() not in stored
    assert register.measures().found == ()
    register.close()


def of_older_rules(data: Path, row: str = "version = version - 1, found = '[{\"unknown_field\":1}]'") -> None:
    """As an earlier program left it, whose measures had other fields."""
    with sqlite3.connect(data / "register.sqlite") as raw:
        raw.execute(f"UPDATE measures SET {row}")
    raw.close()


def test_measures_of_older_rules_are_read_again(settings, policy):
    with Library.open(settings) as library:
        library.add_documents(policy(serial, GRANT.format(serial)) for serial in range(1, 8))
        expected = found_in(library)
    of_older_rules(settings.data)
    heard = []
    with Library.open(settings) as library:
        library.catch_up(lambda *told: heard.append(told))
        assert found_in(library) == expected
        assert library.notices() == ()
    assert all(name == "支持措施" and done <= total <= 7 for name, done, total in heard)


def test_who_does_not_own_the_indexes_says_what_is_still_to_come(settings, policy):
    with Library.open(settings) as library:
        library.add_documents(policy(serial, GRANT.format(serial)) for serial in range(1, 4))
        expected = found_in(library)
    of_older_rules(settings.data)
    owner = OwnerLock(settings.data / "owner.lock")
    assert owner.acquire()
    with Library.open(settings) as library:
        library.catch_up()
        assert "支持措施正在按新规则重新读取，还有 3 个文件" in library.notices()
        assert found_in(library) == {}
        owner.release()
        library.catch_up()
        assert found_in(library) == expected
        assert library.notices() == ()


def version_2(path: Path) -> None:
    """A register as version 2 of the format wrote it: one file in two versions, and another."""
    raw = sqlite3.connect(path)
    raw.executescript((ROOT / "tests" / "registers" / "version_2.sql").read_text("utf-8"))
    raw.close()


def test_a_register_without_measures_is_filled_from_what_it_holds(settings):
    settings.data.mkdir()
    version_2(settings.data / "register.sqlite")
    with Library.open(settings) as library:
        library.catch_up()
        assert {card.id for card in library.documents()} == {"示政办〔2023〕7号", "示政办〔2023〕8号"}
        old, new = library.versions("示政办〔2023〕7号")
        for version, amount in ((old, "20万元"), (new, "30万元")):
            document = library.document("示政办〔2023〕7号", version.sha256)
            assert amount in document.text
            assert all(clause.span.of(document.text) == clause.text for clause in document.clauses)
        assert found_in(library)["示政办〔2023〕7号"] == find_measures(library.document("示政办〔2023〕7号"))
        assert any("30万元" in words_of(library, record) for record in library.measures())
        assert library.notices() == ()


def test_a_file_that_an_older_program_changed_meanwhile_is_read_again(settings, policy):
    """It knows nothing of measures: those of the version before stay in their table and may not be shown for the new one."""
    with Library.open(settings) as library:
        library.add_document(*policy(1, GRANT.format(20)))
        expected = found_in(library)
    of_older_rules(settings.data, "sha256 = 'of the version before'")
    with Library.open(settings) as library:
        library.catch_up()
        assert found_in(library) == expected


WRITER = """
import sys
from pathlib import Path
from index.register import Register
from ingest.measures import find_measures
from ingest.parse import document_from_text
register = Register.open(Path(sys.argv[1]))
for serial in range(int(sys.argv[2]), int(sys.argv[2]) + 10_000):
    text = f"支持第{serial}类企业措施\\n示政办〔2023〕{serial}号\\n各区：\\n（一）对首次认定的企业，给予{serial}万元奖励。\\n2023年5月1日\\n"
    document = document_from_text(text)
    print(register.add(document, text.encode(), "text/plain", find_measures(document)).document_id, flush=True)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no kill -9")
def test_kill_9_leaves_every_acknowledged_file_with_its_measures(tmp_path, forked):
    random.seed(6)
    path = tmp_path / "register.sqlite"
    acknowledged: set[str] = set()
    for run in range(3):
        writer = forked(WRITER, str(path), str(run * 10_000 + 1))
        acknowledged.add(writer.output.readline().strip())
        time.sleep(random.uniform(0, 0.1))
        acknowledged.update(writer.end())
        register = Register.open(path)
        assert register.unread_measures() == ()
        found = {id_: decode(tuple[Measure, ...], text) for id_, _, text in register.measures().found}
        assert found.keys() == register.entries().keys() >= acknowledged
        assert all(found[id_] == find_measures(register.document(id_)) != () for id_ in found)
        register.close()


def test_a_reader_never_sees_measures_beside_words_of_another_version(settings):
    """One library changes a file over and over while another reads: what it shows always belongs together."""

    def version(amount: int):
        text = f"支持企业措施\n示政办〔2023〕1号\n各区：\n{'补充说明。' * (amount % 7)}\n（一）{GRANT.format(amount)}\n2023年5月1日\n"
        return document_from_text(text), text.encode(), "text/plain"

    with Library.open(settings) as writer, Library.open(settings) as reader:
        id_ = writer.add_document(*version(1)).document_id
        done = threading.Event()

        def write() -> None:
            try:
                for amount in range(2, 40):
                    given = version(amount)
                    writer._register.add(*given, find_measures(given[0]))
                    if amount % 10 == 0:
                        writer._register.remove(id_)
            finally:
                done.set()

        thread = threading.Thread(target=write)
        thread.start()
        seen = 0
        while not done.is_set():
            for record in reader.measures():
                document = next((d for d in [reader._register.current(id_)] if d), None)
                if document and document.sha256 == record.card.sha256:
                    seen += 1
                    assert record.measure == find_measures(document)[0]
        thread.join()
        assert seen
        assert [record.measure for record in reader.measures()] == list(find_measures(reader.document(id_)))


def test_what_was_read_of_an_older_version_or_a_removed_file_is_not_kept(tmp_path, policy):
    """Reading again takes time; the file may have a new version when it ends."""
    register = Register.open(tmp_path / "register.sqlite")
    old, *rest = policy(1, GRANT.format(20))
    register.add(old, *rest)
    assert register.unread_measures() == (old.id,)
    new, *rest = policy(1, GRANT.format(50))
    register.add(new, *rest)
    register.put_measures(old, find_measures(old))
    assert register.unread_measures() == (old.id,) and register.measures().found == ()
    register.put_measures(new, find_measures(new))
    ((_, sha256, text),) = register.measures().found
    assert sha256 == new.sha256 and '"500000"' in text
    register.remove(old.id)
    register.put_measures(new, find_measures(new))
    assert register.measures().found == ()
    register.close()


def test_a_file_whose_measures_cannot_be_read_is_held_all_the_same_and_named(library, policy):
    document = policy(1, GRANT.format(20))
    id_ = library.add_document(*document).document_id
    library._register.put_measures(library.document(id_), None)
    library._register.add(*policy(2, GRANT.format(30)))  # so that it looks again
    library.catch_up()
    assert library.search(Query("高新技术企业奖励"))
    assert id_ not in found_in(library) and len(found_in(library)) == 1
    assert library.notices() == ("有 1 个文件的支持措施没有读出（出错或超时）",)
    library.remove(id_)
    library.catch_up()
    assert library.notices() == ()


def test_reading_measures_is_bounded_in_time(policy):
    """A file that takes too long ends its child, and the next one has a new one."""
    text = "".join(f"（{number}）{GRANT.format(number)}\n" for number in range(1, 6_000))
    with Sandbox(Limits(seconds=2.0)) as sandbox:
        with pytest.raises(TimedOut):
            sandbox.measures(document_from_text(text))
        document = policy(1, GRANT.format(20))[0]
        assert sandbox.measures(document) == find_measures(document) != ()


def test_a_folder_is_taken_in_with_measures(library, settings, policy):
    """They are read in the child that reads the file."""
    folder = settings.data.parent / "文件"
    folder.mkdir()
    for serial in range(1, 4):
        (folder / f"{serial}.txt").write_bytes(policy(serial, GRANT.format(serial))[1])
    library.add([folder])
    assert found_in(library) == {card.id: find_measures(library.document(card.id)) for card in library.documents()}
    assert len(found_in(library)) == 3
