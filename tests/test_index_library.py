"""The library as its users see it: files in, cards, validity and hits out; and its command line."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import chromadb
import pytest

from index.__main__ import main
from index.chunk import chunk
from index.library import Library
from index.query import Filters, Query
from ingest.errors import PolicyError, SettingsError
from ingest.parse import document_from_text
from ingest.settings import Settings

TODAY = date(2026, 1, 1)


def file(title: str, number: str, *lines: str, day: str = "2023年5月1日", path: str = ""):
    text = "\n".join(filter(None, (title, number, "各县区：", *lines, day))) + "\n"
    return document_from_text(text, path=path), text.encode(), "text/plain"


def found(library: Library, text: str, **filters) -> list[str]:
    query = Query(text, filters=Filters(**filters), as_of=TODAY)
    return list(dict.fromkeys(hit.chunk.document_id for hit in library.search(query)))


def test_a_folder_is_taken_in_file_by_file_and_one_bad_file_stops_nothing(library, tmp_path, policy):
    folder = tmp_path / "文件"
    folder.mkdir()
    for serial in (1, 2, 3):
        (folder / f"{serial}.txt").write_bytes(policy(serial, f"给予第{serial}类企业房租补贴。")[1])
    (folder / "2乙.pdf").write_bytes(b"%PDF-1.7 broken")
    heard = []
    report = library.add([folder], on_file=lambda file, done, total: heard.append((file.outcome, done, total)))
    assert heard == [("added", 1, 4), ("added", 2, 4), ("failed", 3, 4), ("added", 4, 4)]
    (bad,) = report.failed
    assert bad.path.endswith("2乙.pdf") and bad.message and bad.hint
    assert [card.document_number for card in library.documents()] == [f"示政办〔2023〕{n}号" for n in (3, 2, 1)]
    assert found(library, "第2类企业房租补贴")[0] == "示政办〔2023〕2号"
    again = library.add([folder])
    assert [file.outcome for file in again.files] == ["unchanged", "unchanged", "failed", "unchanged"]
    assert again.files[0].title == report.files[0].title


def test_the_original_and_every_version_stay_at_hand(library, policy):
    old = policy(7, "给予房租补贴。")
    new = policy(7, "给予房租补贴，最高50万元。")
    library.add_document(*old)
    report = library.add_document(*new)
    assert (report.outcome, report.document_id) == ("new_version", "示政办〔2023〕7号")
    assert library.document(report.document_id) == new[0]
    assert library.document(report.document_id, old[0].sha256) == old[0]
    assert library.original(report.document_id).content == new[1]
    assert library.original(report.document_id, old[0].sha256).content == old[1]
    assert [version.ordinal for version in library.versions(report.document_id)] == [1, 2]
    hits = library.search(Query("房租补贴"))
    assert {hit.chunk.text for hit in hits if "房租" in hit.chunk.text} == {"（一）给予房租补贴，最高50万元。"}
    assert all(hit.chunk.span.of(new[0].text) == hit.chunk.text for hit in hits)


def test_a_removed_document_is_nowhere(library, policy):
    library.add_documents([policy(1, "给予首台套保险补贴。"), policy(2, "给予房租补贴。")])
    chunk_ids = [part.id for part in chunk(library.document("示政办〔2023〕1号"))]
    words, vectors = library._follower.lexical.index, library._follower.dense.index
    assert len(words.chunks(chunk_ids)) == len(chunk_ids)
    library.remove("示政办〔2023〕1号")
    assert "示政办〔2023〕1号" not in found(library, "首台套保险补贴")
    assert words.chunks(chunk_ids) == []
    assert not {id_ for ids, _, _ in vectors._store.pages() for id_ in ids} & set(chunk_ids)
    assert [card.id for card in library.documents()] == ["示政办〔2023〕2号"]
    for ask in (library.card, library.document, library.original, library.versions, library.remove):
        with pytest.raises(PolicyError, match="示政办〔2023〕1号") as caught:
            ask("示政办〔2023〕1号")
        assert caught.value.hint
    with pytest.raises(PolicyError):
        library.validity("示政办〔2023〕1号", TODAY)
    # added again it is the same document under the same ids
    again = policy(1, "给予首台套保险补贴。")
    library.add_document(*again)
    assert library.document("示政办〔2023〕1号") == again[0]
    assert found(library, "首台套保险补贴")[0] == "示政办〔2023〕1号"


OLD = file("数字经济扶持办法", "示政办〔2019〕3号", "一、给予扶持。", day="2019年3月1日")
BY_NUMBER = file(
    "促进数字经济若干政策", "示政办〔2023〕9号", "一、原《数字经济扶持办法》（示政办〔2019〕3号）同时废止。", "二、本政策自2023年6月1日起施行。"
)  # fmt: skip
BY_TITLE = file(
    "促进数字经济若干政策",
    "示政办〔2023〕9号",
    "一、原《数字经济扶持办法》同时废止。",
    "二、本政策自2023年6月1日起施行。",
)
MASKED = file("促进数字经济若干政策", "示政办〔2023〕9号", "一、原《数字经济扶持办法》（示政办〔20xx〕x号）同时废止。")
OTHER_NUMBER = file(
    "促进数字经济若干政策", "示政办〔2023〕9号", "一、原《数字经济扶持办法》（示政办〔2018〕8号）同时废止。"
)
EARLIER = file("促进数字经济若干政策", "示政办〔2017〕9号", "一、原《数字经济扶持办法》同时废止。", day="2017年3月1日")
NAMESAKE = file("数字经济扶持办法", "长政〔2018〕3号", "一、另一地的同名文件。", day="2018年1月1日")

# files in the library, day, state of the old file
REPEALS = [
    ([OLD], date(2026, 1, 1), "未标明"),
    ([OLD, BY_NUMBER], date(2026, 1, 1), "已废止"),
    # not before the day on which the repealing file takes effect
    ([OLD, BY_NUMBER], date(2023, 5, 31), "未标明"),
    ([OLD, BY_TITLE], date(2026, 1, 1), "已废止"),
    # a title that two files have names neither
    ([OLD, BY_TITLE, NAMESAKE], date(2026, 1, 1), "未标明"),
    # but a number names one of them
    ([OLD, BY_NUMBER, NAMESAKE], date(2026, 1, 1), "已废止"),
    # a masked number is never completed, and the title beside it is not trusted
    ([OLD, MASKED], date(2026, 1, 1), "未标明"),
    # another number is another file, whatever its title
    ([OLD, OTHER_NUMBER], date(2026, 1, 1), "未标明"),
    # no file ends one that was issued after it
    ([OLD, EARLIER], date(2026, 1, 1), "未标明"),
]


@pytest.mark.parametrize(("files", "as_of", "state"), REPEALS)
def test_a_file_is_repealed_by_another_that_names_it(library, files, as_of, state):
    library.add_documents(files)
    status = library.validity("示政办〔2019〕3号", as_of)
    assert status.state == state
    if state == "已废止":
        assert "促进数字经济若干政策" in status.reason and "示政办〔2023〕9号" in status.reason


def test_validity_follows_what_is_added_and_removed(library):
    library.add_document(*OLD)
    assert library.validity("示政办〔2019〕3号", TODAY).state == "未标明"
    library.add_document(*BY_NUMBER)
    assert library.validity("示政办〔2019〕3号", TODAY).state == "已废止"
    library.remove("示政办〔2023〕9号")
    assert library.validity("示政办〔2019〕3号", TODAY).state == "未标明"


def test_a_search_can_be_narrowed_to_a_state(library):
    library.add_documents([OLD, BY_NUMBER])
    assert set(found(library, "数字经济扶持")) == {"示政办〔2019〕3号", "示政办〔2023〕9号"}
    assert found(library, "数字经济扶持", validity=("已废止",)) == ["示政办〔2019〕3号"]
    assert found(library, "数字经济扶持", validity=("已废止",), document_ids=("示政办〔2023〕9号",)) == []
    assert found(library, "数字经济扶持", validity=("尚未施行",)) == []


def test_a_filter_used_before_shows_no_removed_file_and_misses_no_new_one(library, policy):
    for serial in (1, 2):
        library.add_document(*policy(serial, f"给予第{serial}类企业房租补贴。"))
    ids = tuple(f"示政办〔2023〕{serial}号" for serial in (1, 2, 3))

    def narrowed() -> set[str]:
        return set(found(library, "企业房租补贴", document_ids=ids))

    assert narrowed() == set(ids[:2])
    library._follower.dense.index._reader.join()  # from here on the vectors are compared in memory
    assert narrowed() == narrowed() == set(ids[:2])
    library.add_document(*policy(3, "给予第3类企业房租补贴。"))
    assert narrowed() == narrowed() == set(ids)
    library.remove(ids[0])
    assert narrowed() == narrowed() == set(ids[1:])
    library.add_document(*policy(2, "给予第2类企业房租补贴，改为贷款贴息。"))
    hits = library.search(Query("企业房租补贴", filters=Filters(document_ids=ids), as_of=TODAY))
    assert any("改为贷款贴息" in hit.chunk.text for hit in hits if hit.chunk.document_id == ids[1])
    assert not any(hit.chunk.text.endswith("给予第2类企业房租补贴。") for hit in hits)


def test_documents_are_listed_newest_first_and_undated_ones_last(library):
    library.add_documents([
        file("无日期的办法", "", "一、条款。", day="", path="无.txt"),
        file("旧办法", "示政〔2019〕1号", "一、旧条款。", day="2019年1月1日"),
        file("新办法", "示政〔2024〕1号", "一、新条款。", day="2024年1月1日"),
    ])  # fmt: skip
    assert [card.title for card in library.documents()] == ["新办法", "旧办法", "无日期的办法"]


def test_status_counts_and_says_how_complete_the_indexes_are(library, policy):
    report = library.add_document(*policy(1, "给予房租补贴。"))
    status = library.status()
    assert (status.documents, status.clauses, status.owner) == (1, report.clauses, True)
    assert [(leg.applied, leg.behind, leg.problem) for leg in status.legs] == [(status.last_change, 0, "")] * 2
    assert status.problems == library.notices() == ()


def test_a_second_library_reads_what_the_first_keeps_and_takes_over_from_it(settings, policy):
    first = Library.open(settings)
    first.add_document(*policy(1, "给予房租补贴。"))
    with Library.open(settings) as second:
        assert not second.status().owner
        assert any("只按文字检索" in notice for notice in second.notices())
        assert found(second, "房租补贴") == ["示政办〔2023〕1号"]
        # what the reader adds goes to the register; the owner indexes it
        second.add_document(*policy(2, "给予贷款贴息。"))
        first.catch_up()
        assert found(first, "贷款贴息")[0] == "示政办〔2023〕2号"
        assert found(second, "贷款贴息")[0] == "示政办〔2023〕2号"
        first.close()
        second.catch_up()
        assert second.status().owner
        assert second.notices() == ()
        second.add_document(*policy(3, "给予研发补助。"))
        assert found(second, "研发补助")[0] == "示政办〔2023〕3号"


def test_an_embedding_that_is_not_installed_leaves_the_words(settings, policy):
    with Library.open(replace(settings, embedding="llama_index.embeddings.nobody_has_this:Embedding")) as library:
        library.add_document(*policy(1, "给予房租补贴。"))
        assert any("llama-index-embeddings-nobody-has-this" in notice for notice in library.notices())
        assert found(library, "房租补贴") == ["示政办〔2023〕1号"]


def test_vectors_on_a_server(settings, policy, chroma_server):
    with Library.open(replace(settings, vectors=chroma_server)) as library:
        library.add_documents([policy(1, "给予房租补贴。"), policy(2, "给予贷款贴息。")])
        assert library.notices() == ()
        hits = library.search(Query("房租补贴"))
        assert {name for hit in hits for name, _ in hit.legs} >= {"dense"}
        library.remove("示政办〔2023〕1号")
        assert found(library, "房租补贴") in ([], ["示政办〔2023〕2号"])
    assert not (settings.data / "chroma").exists()


def test_vectors_lost_on_the_server_are_made_again(settings, policy, chroma_server):
    with Library.open(replace(settings, vectors=chroma_server)) as library:
        library.add_documents([policy(1, "给予房租补贴。"), policy(2, "给予贷款贴息。")])
        client = chromadb.HttpClient(port=int(chroma_server.rpartition(":")[2]))
        for collection in client.list_collections():
            client.delete_collection(collection.name)
        assert found(library, "房租补贴")[0] == "示政办〔2023〕1号"  # by the words
        library.catch_up()
        hits = library.search(Query("房租补贴"))
        assert {name for hit in hits for name, _ in hit.legs} >= {"dense"}
        assert library.notices() == ()


def test_a_vector_server_that_is_down_leaves_the_words(settings, policy):
    with Library.open(replace(settings, vectors="http://127.0.0.1:9")) as library:
        library.add_document(*policy(1, "给予房租补贴。"))
        assert any("http://127.0.0.1:9" in notice for notice in library.notices())
        assert found(library, "房租补贴") == ["示政办〔2023〕1号"]


@pytest.mark.parametrize("below", ["", "子文件夹"])
def test_a_data_folder_that_is_a_file_is_explained(tmp_path, below):
    (tmp_path / "data").write_text("a file")
    with pytest.raises(SettingsError, match="data") as caught:
        Library.open(Settings(data=tmp_path / "data" / below))
    assert "POLICY_DATA" in caught.value.hint


def test_a_data_folder_that_cannot_be_made_is_explained():
    with pytest.raises(SettingsError, match="proc"):
        Library.open(Settings(data=Path("/proc/1/不可写")))


def test_nothing_is_taken_in_when_the_disk_is_nearly_full(library, policy, monkeypatch):
    library.add_document(*policy(1, "给予房租补贴。"))
    monkeypatch.setattr("index.library.FREE_BYTES", 1 << 60)
    report = library.add_document(*policy(2, "给予贷款贴息。"))
    assert report.outcome == "failed" and "磁盘" in report.message and report.hint
    assert [card.id for card in library.documents()] == ["示政办〔2023〕1号"]
    assert found(library, "房租补贴") == ["示政办〔2023〕1号"]


@pytest.fixture
def command(settings, monkeypatch, capsys):
    """Runs ``python -m index …`` on the test's data folder: exit code, stdout, stderr."""
    monkeypatch.setenv("POLICY_DATA", str(settings.data))

    def run(*argv: str) -> tuple[int, str, str]:
        code = main(argv)
        return code, *capsys.readouterr()

    return run


def test_the_command_line_adds_lists_searches_and_removes(command, tmp_path, policy):
    good, bad = tmp_path / "好.txt", tmp_path / "坏.pdf"
    good.write_bytes(policy(1, "给予房租补贴。")[1])
    bad.write_bytes(b"%PDF-1.7 broken")
    code, out, _ = command("add", str(good), str(bad))
    assert code == 0
    assert re.search(r"\[1/2\].*好\.txt", out) and re.search(r"\[2/2\].*坏\.pdf", out)
    assert "共 2 个文件：收录 1 个" in out and "未能读取 1 个" in out
    code, out, _ = command("status")
    assert code == 0
    assert "示政办〔2023〕1号" in out and "向量索引：已是最新" in out
    code, out, _ = command("search", "房租补贴")
    assert code == 0
    assert out.startswith("1. 《关于支持第1类企业的若干措施》（示政办〔2023〕1号）")
    assert command("rebuild")[0] == 0
    assert command("search", "房租补贴")[0] == 0
    code, out, _ = command("remove", "示政办〔2023〕1号")
    assert code == 0
    assert "关于支持第1类企业的若干措施" in out
    code, _, err = command("remove", "示政办〔2023〕1号")
    assert code == 2
    assert len(err.splitlines()) == 2
    assert command("search", "房租补贴")[0] == 1


def test_the_command_line_fails_when_nothing_could_be_read(command, tmp_path):
    bad = tmp_path / "坏.pdf"
    bad.write_bytes(b"%PDF-1.7 broken")
    code, out, _ = command("add", str(bad), str(tmp_path / "没有这个文件.txt"))
    assert code == 1
    assert "未能读取 2 个" in out


def test_the_command_line_explains_an_unusable_data_folder(settings, command):
    settings.data.write_text("a file")
    code, _, err = command("status")
    assert code == 2
    assert len(err.splitlines()) == 2 and "POLICY_DATA" in err
