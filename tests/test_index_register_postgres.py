"""What is PostgreSQL's own about the register; the laws that hold in both databases stand in test_index_register.py."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from index import register_keeper
from index.__main__ import main
from index.corrections import Correction
from index.library import Library
from index.query import Query
from index.register import Register
from index.register_engine import writing
from index.register_feedback import Feedback
from index.register_schema import changes
from ingest.document import PolicyDocument
from ingest.errors import PolicyError, RegisterBusy, RegisterError, SettingsError
from ingest.measures import find_measures
from ingest.parse import document_from_text
from ingest.settings import Settings
from tests.postgres import PASSWORD, USER, Server, postgres  # noqa: F401 - a fixture


def a_file(serial: int, sentence: str = "给予一次性奖励50万元。", path: str = "") -> tuple[PolicyDocument, bytes, str]:
    text = f"关于支持第{serial}类企业的若干措施\n示政办〔2023〕{serial}号\n各区：\n一、{sentence}\n2023年5月1日\n"
    return document_from_text(text, path=path or f"{serial}.txt"), text.encode(), "text/plain"


@pytest.fixture
def database(postgres: Server) -> str:  # noqa: F811
    return postgres.new_database()


@pytest.fixture
def register(postgres: Server, database: str):  # noqa: F811
    opened = Register.open(postgres.address(database))
    yield opened
    opened.close()


def everything(server: Server, database: str) -> str:
    """All that SQL can read of a database."""
    tables = server.run("SELECT tablename FROM pg_tables WHERE schemaname = 'public'", database)
    rows = (server.run(f'SELECT to_jsonb(t)::text FROM "{table}" t', database) for (table,) in tables)
    return "\n".join(str(row[0]) for found in rows for row in found)


def test_after_removal_no_query_finds_a_word_or_a_vector_of_the_file(postgres, database, register):  # noqa: F811
    document, *rest = a_file(1, "绝不外传的一句话，奖励70万元。", path="误传.txt")
    register.add(document, *rest, find_measures(document))
    register.add(*a_file(2))
    register.cache_vectors("m", {document.id: {b"h": b"0123456789abcdef"}})
    answer = {"citations": [{"document_id": document.id, "quote": "绝不外传"}], "nearest": []}
    register.note(Feedback("1", "wrong", "绝不外传吗", answer, datetime.now(UTC)))
    traces = ("绝不外传", "误传", document.sha256, b"0123456789abcdef".hex())
    assert all(trace in everything(postgres, database) for trace in traces)
    register.remove(document.id)
    left = everything(postgres, database)
    assert not any(trace in left for trace in traces)
    assert "示政办〔2023〕2号" in left


# PostgreSQL refuses NUL in a text. People paste it, and file names of an archive may hold it.
@pytest.mark.parametrize("text", ["甲\0乙", "\1", "\1\2", "\0\1\2\0", "\1\1\0"])
def test_every_character_comes_back_as_it_was_given(register, text):
    document, *rest = a_file(1)
    document = replace(document, path=f"{text}.txt", text=document.text.replace("一、", f"一、{text}"), clauses=())
    register.add(document, *rest)
    register.note(Feedback(text, "wrong", text, {"citations": [], "nearest": [], "text": text}, datetime.now(UTC)))
    correction = Correction(document.sha256, f"{document.id}#一@1", text, (), text, text, text, text, datetime.now(UTC))
    register.correct(correction, 0)
    assert register.document(document.id) == document
    assert register.original(document.id).name == f"{text}.txt"
    assert [(f.id, f.remark, f.answer["text"]) for f in register.feedback()] == [(text, text, text)]
    ((kept,),) = register.measures().corrections.values()
    assert (kept.path, kept.name, kept.reason) == (text, text, text)
    with pytest.raises(PolicyError):
        register.document(f"{document.id}{text}")
    register.remove_feedback(text)


def test_measures_and_corrections_are_kept_and_read_from_where_a_reader_stopped(register):
    document, *rest = a_file(1)
    register.add(document, *rest)
    assert register.unread_measures() == (document.id,)
    before = register.measures_mark()
    register.put_measures(document, find_measures(document))
    assert register.unread_measures() == ()
    new = register.measures(before)
    assert [row[:2] for row in new.found] == [(document.id, document.sha256)]
    assert register.measures(new.mark).found == ()
    correction = Correction(document.sha256, "m", "amount", (), "1", "2", "张三", "笔误", datetime.now(UTC))
    register.correct(correction, 0)
    with pytest.raises(PolicyError, match="他人更正"):
        register.correct(correction, 0)


def test_who_follows_the_log_passes_over_no_change_that_is_committed_late(postgres, database, register):  # noqa: F811
    """PostgreSQL gives an id before its transaction commits: without an order of writers a higher one may be seen first."""
    other = Register.open(postgres.address(database))
    with ThreadPoolExecutor(1) as pool:
        with writing(register._engine) as slow:
            slow.execute(changes.insert().values(document_id="slow", kind="removed", at=""))
            quick = pool.submit(other.add, *a_file(1))
            wait([quick], 0.3)
            seen = register.changes()
        quick.result(10)
    late = register.changes(seen[-1].id if seen else 0)
    assert [change.document_id for change in (*seen, *late)] == ["slow", "示政办〔2023〕1号"]
    other.close()


def refused(address: str, kind: type[PolicyError] = RegisterError) -> str:
    with pytest.raises(kind) as caught:
        Register.open(address)
    error = caught.value
    assert error.hint and "\n" not in f"{error}{error.hint}"
    assert PASSWORD not in f"{error}{error.hint}" and "guessed" not in f"{error}{error.hint}"
    return str(error)


def test_every_refusal_of_the_server_is_told_in_chinese_and_without_the_password(postgres, database):  # noqa: F811
    assert "拒绝了用户名或口令" in refused(postgres.address(database, password="guessed"))
    assert "没有这个数据库" in refused(postgres.address("nothing_here"))
    assert "连接不上" in refused(f"postgresql+psycopg://{USER}:{PASSWORD}@127.0.0.1:9/x")
    postgres.run("CREATE ROLE guest LOGIN PASSWORD 'guessed'")
    guest = postgres.address(database, "guest", "guessed")
    assert "没有建表或读写权限" in refused(guest)
    postgres.run("ALTER ROLE guest CONNECTION LIMIT 0")
    assert "连接数已满" in refused(guest, RegisterBusy)
    postgres.run("DROP ROLE guest")
    postgres.run(f"ALTER DATABASE {database} SET default_transaction_read_only = on")
    assert "只读" in refused(postgres.address(database))
    postgres.run("CREATE DATABASE ascii TEMPLATE template0 ENCODING 'SQL_ASCII'")
    assert "SQL_ASCII" in refused(postgres.address("ascii"))
    # an @ in the password would be read as the end of it
    refused(f"postgresql+psycopg://{USER}:x@guessed@127.0.0.1/x", SettingsError)
    refused("postgresql+psycopg://127.0.0.1:guessed/", SettingsError)


def test_a_database_of_another_program_is_left_alone(postgres, database):  # noqa: F811
    postgres.run("CREATE TABLE documents (id int)", database)
    assert "别的程序的表（documents）" in refused(postgres.address(database))
    assert postgres.run("SELECT tablename FROM pg_tables WHERE schemaname = 'public'", database) == [("documents",)]


def test_a_newer_format_is_not_touched(postgres, database, register):  # noqa: F811
    postgres.run("UPDATE facts SET value = '99' WHERE name = 'version'", database)
    assert "99" in refused(postgres.address(database))


def test_a_server_that_was_started_anew_is_used_again_without_a_word(postgres, database, register):  # noqa: F811
    register.add(*a_file(1))
    postgres.stop()
    try:
        with pytest.raises(RegisterError, match="连接不上") as caught:
            register.add(*a_file(2))
        assert PASSWORD not in str(caught.value) and "恢复后自动重连" in caught.value.hint
    finally:
        postgres.start()
    register.add(*a_file(2))
    assert len(register.entries()) == 2


def test_one_process_keeps_what_all_share_until_it_ends(postgres, database, register, monkeypatch):  # noqa: F811
    monkeypatch.setattr(register_keeper, "SETTLE_SECONDS", 0.2)
    other = Register.open(postgres.address(database))
    first, second = register.keeper(), other.keeper()
    assert first.acquire() and not second.acquire()
    assert first.confirm(first.term)
    first.release()
    assert second.acquire()  # at once: the first had closed all in order
    assert not first.acquire()
    # The session ends and its holder does not know: it loses the lock at its next look; the next keeper lets it finish.
    postgres.run("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'", database)
    assert not first.acquire()
    assert not second.confirm(second.term)
    threading.Event().wait(0.25)
    assert first.acquire() and not second.acquire()
    first.release()
    second.release()
    other.close()


def test_a_library_that_outgrows_its_machine_moves_with_all_it_holds(postgres, database, settings, capsys, monkeypatch):  # noqa: F811
    address = postgres.address(database)
    with Library.open(settings) as library:
        library.add_documents([a_file(1), a_file(2), a_file(3)])
        library.remove("示政办〔2023〕3号")
        library.note(Feedback("1", "right", "好\0", {"citations": [], "nearest": []}, datetime.now(UTC)))
        before = everything_of(library)
    monkeypatch.setenv("POLICY_DATA", str(settings.data))
    assert main(["move-register", "--to", address]) == 0
    assert "documents：2 行" in capsys.readouterr().out
    with Library.open(replace(settings, register=address)) as library:
        assert everything_of(library) == before
        assert library.notices() == () and library.search(Query("第1类企业奖励"))
        report = library.add_document(*a_file(4))
        assert library.status().last_change > before[0] and report.outcome == "added"
    # a second time would mix two registers
    assert main(["move-register", "--to", address]) == 2
    assert "不是空的" in capsys.readouterr().err


def everything_of(library: Library) -> tuple[object, ...]:
    ids = sorted(card.id for card in library.documents())
    files = [(library.document(id_), library.original(id_), library.versions(id_)) for id_ in ids]
    measures = [record.measure for record in library.measures()]
    return library.status().last_change, files, measures, library.feedback()


@pytest.mark.parametrize("value", ["mysql://u:guessed@h/d", "postgresql://u:guessed@h/d", "register.sqlite"])
def test_a_setting_that_is_no_address_is_refused_without_repeating_it(value):
    with pytest.raises(SettingsError, match="POLICY_REGISTER") as caught:
        Settings.from_environment({"POLICY_REGISTER": value})
    assert "guessed" not in f"{caught.value}{caught.value.hint}"
    assert "guessed" not in repr(Settings(register="postgresql+psycopg://u:guessed@h/d"))
