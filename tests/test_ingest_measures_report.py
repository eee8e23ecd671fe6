"""``python -m ingest measures``: clauses to JSON for programs, files to Chinese for people."""

import io
import json

from ingest.__main__ import main
from tests.samples import CORPUS

POLICY = (
    "清河区支持科技创新若干政策\n第一条 对上年度营业收入1亿元以上的瞪羚企业，一次性奖励20万元。（责任单位：区科技局）\n"
    "第二条 本政策与市级同类政策不重复享受。\n"
)


def test_each_clause_becomes_one_line_with_its_id(monkeypatch, capsys):
    lines = (
        '{"id": "A", "text": "对瞪羚企业，一次性奖励20万元。"}',
        "",
        '{"id": "B", "text": "本政策与市级政策不重复享受。"}',
    )
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(lines)))
    assert main(["measures"]) == 0
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [case["id"] for case in found] == ["A", "B"]
    assert found[0]["benefits"] == [{"type": "资金奖补", "form": "fixed", "value": 200000, "once": True}]
    assert found[1]["stacking"] == {"rule": "不重复享受", "scope": "市级政策"}


def test_a_bad_line_is_told_and_the_others_are_read(monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", io.StringIO('nonsense\n{"id": 1}\n["x"]\n{"id": "A", "text": ""}\n' + "[" * 9999))
    assert main(["measures"]) == 2
    captured = capsys.readouterr()
    assert json.loads(captured.out)["id"] == "A"
    assert [line.partition("行")[0] for line in captured.err.splitlines()] == [f"错误：第{n}" for n in (1, 2, 3, 5)]


def test_a_file_is_shown_in_chinese(tmp_path, capsys):
    (tmp_path / "政策.txt").write_text(POLICY, "utf-8")
    assert main(["measures", str(tmp_path / "政策.txt")]) == 0
    shown = capsys.readouterr().out
    for words in (
        "支持措施 2 条",
        "[第一条]",
        "支持对象：企业；瞪羚企业",
        "申报条件：上年度营业收入≥1亿元",
        "定额",
        "区科技局（责任）",
        "叠加规则：不重复享受",
    ):
        assert words in shown


def test_a_file_as_data_has_a_line_for_each_measure(tmp_path, capsys):
    (tmp_path / "政策.txt").write_text(POLICY, "utf-8")
    assert main(["measures", "--json", str(tmp_path / "政策.txt")]) == 0
    first, second = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert first["text"].startswith("对上年度营业收入1亿元以上的瞪羚企业")
    assert first["conditions"][0]["period"] == "上年度"
    assert not second["benefits"]


def test_a_file_that_cannot_be_read_is_told(tmp_path, capsys):
    (tmp_path / "空.txt").write_bytes(b"")
    assert (
        main(["measures", str(tmp_path / "空.txt"), str(CORPUS / "示例24_清河区_企业上台阶奖励办法2022_已废止.txt")])
        == 2
    )
    captured = capsys.readouterr()
    assert "错误：" in captured.err
    assert "支持措施" in captured.out
