"""The command line, as a person types it: two lines for a mistake, one bad file never stops the rest."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import pytest

import cli
import index.__main__
import ingest.__main__
import qa.__main__
from index.library import Library
from ingest.settings import Settings
from qa.assistant import Assistant
from qa.feedback import feedback_on

TEXT = """示例区促进制造业发展若干政策
示政办〔2024〕5号
第一条　支持设备投资。按设备投资额的10%给予补助，单个项目最高1000万元。（责任单位：区经信局）
第二条　本政策自2024年4月1日起施行，有效期至2099年12月31日。
"""


class Result(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Result]:
    monkeypatch.setenv("POLICY_DATA", str(tmp_path / "data"))

    def command(*arguments: str) -> Result:
        monkeypatch.setattr(sys, "argv", ["wenhao", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        return Result(int(ended.value.code or 0), *capsys.readouterr())

    return command


def test_the_whole_way_from_add_to_remove(run, tmp_path: Path):
    good, bad = tmp_path / "若干政策.txt", tmp_path / "空.pdf"
    good.write_text(TEXT, encoding="utf-8")
    bad.write_bytes(b"")
    added = run("add", str(good), str(bad), str(tmp_path / "没有.txt"))
    assert added.code == 0
    assert "新入库" in added.out and "示政办〔2024〕5号" in added.out
    assert "文件是空的" in added.out and "找不到文件" in added.out
    assert "1 个在库，2 个未收录" in added.out

    assert "已在库中" in run("add", str(good)).out

    (card,) = json.loads(run("list", "--json").out)
    assert (card["id"], card["validity"]) == ("示政办〔2024〕5号", "有效")
    assert "示政办〔2024〕5号" in run("list").out

    answer = json.loads(run("ask", "--json", "设备投资怎么补助？").out)
    assert answer["citations"][0]["label"] == "《示例区促进制造业发展若干政策》（示政办〔2024〕5号）第一条"
    assert "最高1000万元" in run("ask", "设备投资怎么补助？").out

    for name in ("答.docx", "答.md"):
        assert "已导出" in run("ask", "--out", str(tmp_path / name), "设备投资怎么补助？").out
    assert "最高1000万元" in (tmp_path / "答.md").read_text(encoding="utf-8")

    assert "设备投资" in run("search", "设备投资").out
    assert json.loads(run("status", "--json").out)["documents"] == 1

    assert run("remove", "示政办〔2024〕5号").code == 0
    assert json.loads(run("list", "--json").out) == []


def test_feedback_is_listed_and_exported(run, tmp_path: Path):
    assert "还没有反馈" in run("feedback", "list").out
    with Library.open(Settings(data=tmp_path / "data")) as library:
        library.note(feedback_on(Assistant(library).ask("设备投资怎么补助？"), "wrong", "[应有答案]", "甲"))
    listed = run("feedback", "list").out
    assert "不对" in listed and "设备投资怎么补助？" in listed and "[应有答案]" in listed
    (kept,) = json.loads(run("feedback", "list", "--json").out)
    assert "已导出 1 题" in run("feedback", "export", str(tmp_path / "题.jsonl")).out
    question = json.loads((tmp_path / "题.jsonl").read_text(encoding="utf-8"))
    assert (question["id"], question["q"], question["note"]) == (f"F{kept['id']}", "设备投资怎么补助？", "[应有答案]")
    assert run("feedback", "remove", kept["id"]).code == 0
    assert "还没有反馈" in run("feedback", "list").out


def test_measures_are_listed_matched_and_compared(run, tmp_path: Path):
    file, profile = tmp_path / "若干政策.txt", tmp_path / "画像.json"
    file.write_text(TEXT, encoding="utf-8")
    profile.write_text('{"主体类型": "企业", "设备投资额": "3000万元"}', encoding="utf-8")
    run("add", str(file))

    (measure,) = json.loads(run("measures", "--type", "资金奖补", "--json").out)
    assert measure["id"] == "示政办〔2024〕5号#第一条"
    assert "按设备投资额的10%给予补助，单个项目最高1000万元" in run("measures").out
    assert "没有符合条件的支持措施" in run("measures", "--type", "住房").out

    found = json.loads(run("match", "--profile", str(profile), "--json").out)
    assert found["matches"][0]["benefits"][0]["amount"]["value"] == "3000000"
    assert "3000万元×10%＝300万元" in run("match", "--profile", str(profile)).out

    for wanted in ("设备投资补助", "示政办〔2024〕5号#第一条"):
        assert "没有找到同类支持措施" in run("compare", wanted).out
    assert json.loads(run("compare", "设备投资补助", "--json").out)["rows"][0]["id"] == measure["id"]

    for command in (("match", "--profile", str(profile)), ("compare", "设备投资补助")):
        for name in ("表.xlsx", "表.docx"):
            assert "已导出" in run(*command, "--out", str(tmp_path / name)).out
            assert (tmp_path / name).stat().st_size > 1000
        both = run(*command, "--out", str(tmp_path / "两样.xlsx"), "--json").out
        assert json.loads(both) and (tmp_path / "两样.xlsx").stat().st_size > 1000


def test_a_draft_its_review_and_the_framework_from_the_terminal(run, tmp_path: Path):
    file, wanted = tmp_path / "若干政策.txt", tmp_path / "要求.json"
    file.write_text(TEXT.replace("示例区", "清河区人民政府关于"), encoding="utf-8")
    wanted.write_text(
        '{"文种": "若干政策措施", "级别": "区", "地区": "清河区", "支持事项": ["设备投资补助"]}', encoding="utf-8"
    )
    run("add", str(file))
    for name in ("稿.docx", "稿.md", "稿.txt"):
        assert f"已导出 {tmp_path / name}" in run("draft", "--request", str(wanted), "--out", str(tmp_path / name)).out
    assert "示政办〔2024〕5号" in run("draft", "--request", str(wanted)).out
    assert {"blocks", "citations"} <= json.loads(run("draft", "--request", str(wanted), "--json").out).keys()
    reviewed = run("review", str(tmp_path / "稿.docx"))
    assert reviewed.code == 0 and "审查提示，供人工判断" in reviewed.out
    assert json.loads(run("review", str(tmp_path / "稿.docx"), "--json").out)["title"]

    number = "示政办〔2024〕5号"
    assert "有效期至：2099-12-31" in run("framework", number).out
    picture = tmp_path / "图.svg"
    assert "已导出" in run("framework", number, "--part", "explainer", "--out", str(picture)).out
    assert picture.read_text(encoding="utf-8").startswith("<svg") and "1000万元" in picture.read_text(encoding="utf-8")
    assert "已导出" in run("framework", number, "--part", "timeline", "--out", str(tmp_path / "时间.txt")).out
    assert "2024-04-01 施行" in (tmp_path / "时间.txt").read_text(encoding="utf-8")
    assert json.loads(run("framework", "--part", "cited", "--json").out)["content"]["total"] == 0
    assert "文件 1 份" in run("lineage").out and "引用它的文件（0）" in run("lineage", number).out
    assert "已导出" in run("lineage", number, "--out", str(tmp_path / "沿革.svg")).out
    assert "没有写明" in run("glossary", "一事一议").out and "共 0 个" in run("glossary").out


def test_every_package_is_installed():
    root = Path(cli.__file__).parents[1]
    listed = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]["packages"]
    ours = {
        p.parent for name in ("cli", "ingest", "index", "qa", "ui_tabs") for p in (root / name).rglob("__init__.py")
    }
    assert {".".join(folder.relative_to(root).parts) for folder in ours} <= set(listed)


MISTAKES = [
    ((), {}, "", "no command: the help is printed"),
    (("起草",), {}, "没有命令 起草", "a command that is none"),
    (("draft",), {}, "缺少 --request", "an option that is missing"),
    (("search", "甲", "乙"), {}, "多余的内容 乙", "one argument too many"),
    (("search", "甲", "--limit", "0"), {}, "--limit 的取值不对", "a number out of range"),
    (("search", "甲", "--页", "0"), {}, "没有选项 --页", "an option that is none"),
    (("search", "甲", "--limit"), {}, "选项 --limit 后面缺少内容", "an option without its value"),
    (("draft", "--request", "无此文件.json"), {}, "无法读取起草要求", "a request that is not there"),
    (("draft", "--request", "无此文件.json", "--out", "稿.pdf"), {}, "不能写成“.pdf”", "a format that no draft has"),
    (("review", "无此文件.docx"), {}, "找不到文件", "a draft that is not there"),
    (("lineage", "无此文件"), {}, "库内没有", "a file that is not held"),
    (("lineage", "--out", "图.png"), {}, "不能导出为 .png", "a picture of another format"),
    (("framework", "--part", "封面"), {}, "没有这个部分：封面", "a part that is none"),
    (("framework", "--out", "图.svg"), {}, "不能导出为 .svg", "a picture of what is none"),
    (("glossary", " "), {}, "名词是空的", "a term that is none"),
    (("match", "--profile", "无此文件.json"), {}, "无法读取画像文件", "a profile that is not there"),
    (("measures", "--type", "好处"), {}, "没有这种支持类型", "a type of support that is none"),
    (("compare", "无此文号#第一条"), {}, "没有编号为", "a measure that is not held"),
    (("ask", "--as-of", "明天", "问"), {}, "看不懂日期", "a day that is none"),
    (("search", "--level", "乡镇", "问"), {}, "没有这个级别", "a level that is none"),
    (("ask", "--out", "答.pdf", "问"), {}, "不能导出为 .pdf", "a format that is none"),
    (("ask", "--out", "/proc/无此文件夹/答.md", "问"), {}, "无法写入", "a place that cannot be written"),
    (("feedback", "export", "/proc/无此文件夹/题.jsonl"), {}, "无法写入", "the same for feedback"),
    (("feedback", "remove", "f00"), {}, "没有编号为“f00”的反馈", "a verdict that is not kept"),
    (("remove", "清政〔1999〕1号"), {}, "清政〔1999〕1号", "a file that is not held"),
    (("list",), {"POLICY_VECTORS": "ftp://x"}, "POLICY_VECTORS", "an address that is none"),
    (("list",), {"POLICY_LLM": "qwen"}, "POLICY_LLM_URL", "a model without address"),
    (("list",), {"POLICY_DATA": "/proc/nowhere"}, "数据文件夹无法使用", "a folder that cannot be made"),
]


@pytest.mark.parametrize(("arguments", "environment", "message", "why"), MISTAKES, ids=[row[3] for row in MISTAKES])
def test_a_mistake_ends_in_two_lines(run, arguments, environment, message, why, monkeypatch: pytest.MonkeyPatch):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    result = run(*arguments)
    assert result.code == 2
    if not arguments:
        assert "wenhao" in result.out and not result.err
        return
    lines = result.err.strip().splitlines()
    assert len(lines) <= 2
    assert lines[0].startswith("错误：")
    assert message in lines[0]


def test_nothing_taken_in_is_a_failure(run, tmp_path: Path):
    assert run("add", str(tmp_path / "没有.txt")).code == 1


@pytest.mark.parametrize("command", [ingest.__main__, index.__main__, qa.__main__], ids=["ingest", "index", "qa"])
def test_every_command_explains_itself_in_chinese(command: ModuleType, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as ended:
        command.main(["--help"])
    assert not ended.value.code
    assert "文件" in capsys.readouterr().out


def test_the_program_starts_from_nothing():
    command = [sys.executable, "-m", "cli", "--help"]
    result = subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=Path(cli.__file__).parents[1])
    assert result.returncode == 0
    assert "文件" in result.stdout
