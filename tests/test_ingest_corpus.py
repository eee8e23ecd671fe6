"""Which files of a folder are taken in, and that no path stops the others."""

import hashlib
import os

import pytest

from ingest.corpus import FileReport, IngestReport, source_file, walk
from ingest.document import SourceFile
from ingest.errors import ReadError, TooLarge
from ingest.limits import Limits


@pytest.fixture
def folder(tmp_path):
    for name in (
        "b/通知.txt", "a/意见.docx", "a/z.html", "README.md", "readme.txt", "index.tsv", "manifest.csv", ".hidden", ".git/x.txt",
        "~$意见.docx", "网页.html", "网页_files/script.js", "别的_files/保留.txt",
    ):  # fmt: skip
        path = tmp_path / "库" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"内容：{name}", encoding="utf-8")
    return tmp_path / "库"


def paths(items):
    return [item.path if isinstance(item, SourceFile) else item[0] for item in items]


def test_a_folder_gives_its_files_sorted_without_what_is_no_policy_file(folder):
    found = paths(walk([folder]))
    inside = [path.removeprefix(folder.as_posix() + "/") for path in found]
    assert inside == ["网页.html", "a/z.html", "a/意见.docx", "b/通知.txt", "别的_files/保留.txt"]


def test_a_path_stays_as_it_was_given(folder, monkeypatch):
    monkeypatch.chdir(folder.parent)
    assert paths(walk(["库/b"])) == ["库/b/通知.txt"]
    assert paths(walk(["库/b/通知.txt", folder / "b"])) == ["库/b/通知.txt", (folder / "b/通知.txt").as_posix()]


def test_a_file_named_directly_is_read_whatever_its_name(folder):
    assert paths(walk([folder / "README.md"])) == [(folder / "README.md").as_posix()]


def test_a_file_is_known_by_its_bytes(folder):
    (source,) = walk([folder / "b/通知.txt"])
    content = "内容：b/通知.txt".encode()
    assert source == source_file(source.path, content)
    assert source.sha256 == hashlib.sha256(content).hexdigest()
    assert source.media_type == "text/plain"


def test_a_problem_is_yielded_in_its_place_and_the_rest_goes_in(folder):
    missing = folder / "没有.pdf"
    before, problem, after = walk([folder / "b", missing, folder / "a/z.html"])
    path, error = problem
    assert path == missing.as_posix()
    assert isinstance(error, ReadError)
    assert str(error) == f"找不到文件：{path}"
    assert error.hint
    assert paths([before, after]) == [(folder / "b/通知.txt").as_posix(), (folder / "a/z.html").as_posix()]


def test_a_file_over_the_limit_is_not_loaded(folder):
    (problem,) = walk([folder / "b"], Limits(input_bytes=4))
    assert isinstance(problem[1], TooLarge)
    assert "通知.txt" in str(problem[1])


def test_links_in_a_circle_end(folder):
    try:
        os.symlink(folder, folder / "b" / "回头", target_is_directory=True)
    except OSError:
        pytest.skip("this system does not let the user make links")
    assert len(paths(walk([folder]))) == 5


def test_what_is_neither_file_nor_folder_is_a_problem(folder):
    if not hasattr(os, "mkfifo"):
        pytest.skip("this system has no pipes with names")
    os.mkfifo(folder / "b" / "管道")
    problem = next(item for item in walk([folder / "b"]) if isinstance(item, tuple))
    assert "不是普通文件" in str(problem[1])


def test_an_unreadable_file_and_folder_are_problems(folder):
    if os.name != "posix" or os.geteuid() == 0:
        pytest.skip("nothing is unreadable for this user")
    (folder / "b/通知.txt").chmod(0)
    (folder / "a").chmod(0)
    try:
        problems = {item[0]: str(item[1]) for item in walk([folder]) if isinstance(item, tuple)}
    finally:
        (folder / "a").chmod(0o700)
    assert set(problems) == {(folder / "b/通知.txt").as_posix(), (folder / "a").as_posix()}
    assert all("没有读取权限" in message for message in problems.values())


def test_a_report_counts_each_file_once():
    files = tuple(
        FileReport(f"{outcome}.txt", outcome) for outcome in ("added", "new_version", "unchanged", "conflict", "failed")
    )
    report = IngestReport(files)
    assert report.added == files[:2]
    assert report.unchanged == files[2:3]
    assert report.failed == files[3:]
