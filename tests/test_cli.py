"""The command line, as a person types it: two lines for a mistake, one bad file never stops the rest."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

import cli
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


MISTAKES = [
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
    lines = result.err.strip().splitlines()
    assert len(lines) <= 2
    assert lines[0].startswith("错误：")
    assert message in lines[0]


def test_nothing_taken_in_is_a_failure(run, tmp_path: Path):
    assert run("add", str(tmp_path / "没有.txt")).code == 1


@pytest.mark.parametrize("module", ["cli", "ingest", "index", "qa"])
def test_every_command_explains_itself_in_chinese(module: str):
    command = [sys.executable, "-m", module, "--help"]
    result = subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=Path(cli.__file__).parent)
    assert result.returncode == 0
    assert "文件" in result.stdout
