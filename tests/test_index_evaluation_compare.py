"""Two runs beside each other: the paired test against published and enumerated values, what is listed, what is refused."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import asdict, replace
from itertools import product
from pathlib import Path

import pytest

from index.evaluation import WEIGHTS, JudgedSet, Run, load, main
from index.evaluation.compare import difference, randomisation_test
from index.evaluation.report import comparison, overview, summary
from index.evaluation.run import outcome
from index.evaluation.saved import SavedRun, commit, read, save
from ingest.errors import SettingsError

JUDGMENTS = Path(__file__).parent / "judgments"


def test_the_paired_test_on_fishers_own_example():
    # Darwin's 15 pairs of maize, eighths of an inch: 1726 of the 32768 signings lie as far out (Fisher 1935, § 21)
    heights = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48]
    assert randomisation_test(heights) == pytest.approx(1726 / 32768, abs=0.007)


CHANGES = [
    ([0.0] * 5, "nothing changed"),
    ([0.5], "a single question proves nothing"),
    ([0.2, 0.3, 0.1, 0.4, 0.3, 0.2, 0.1, 0.5, 0.2, 0.3], "all gain"),
    ([-0.4, 0.1, 0.0, -0.3, -0.2, 0.1, -0.5, -0.1], "mostly losses"),
    ([0.3, -0.3, 0.2, -0.2], "gains and losses cancel out"),
]


@pytest.mark.parametrize(("changes", "reason"), CHANGES, ids=[c[1] for c in CHANGES])
def test_the_paired_test_against_all_signings(changes, reason):
    observed = abs(sum(changes))
    signings = [
        abs(sum(s * c for s, c in zip(signs, changes, strict=True))) for signs in product((-1, 1), repeat=len(changes))
    ]
    exact = sum(total >= observed - 1e-9 for total in signings) / len(signings)
    assert randomisation_test(changes) == pytest.approx(exact, abs=0.015)


def test_the_paired_test_takes_no_side_and_says_the_same_each_time():
    changes = [0.4, 0.1, -0.2, 0.3, 0.3, -0.1]
    assert randomisation_test(changes) == randomisation_test(changes)
    assert randomisation_test(changes) == pytest.approx(randomisation_test([-c for c in changes]), abs=0.015)


def test_wins_losses_and_ties_are_counted_by_question():
    found = difference([0.0, 0.5, 1.0, 0.3], [1.0, 0.5, 0.5, 0.1 + 0.2])  # 0.1 + 0.2 is 0.3 but for rounding
    assert (found.wins, found.losses, found.ties) == (1, 1, 2)
    assert found.change == pytest.approx(0.125)


# Two questions of three documents; the second run finds c for q1 sooner, and loses what q2 seeks.
SET = JudgedSet(
    (("a", "", "甲"), ("b", "", "乙"), ("c", "", "丙")),
    (("q1", "丙在哪里"), ("q2", "甲是什么")),
    {"q1": {"c": 1}, "q2": {"a": 1, "b": 1}},
    name="小集",
)


def run(first: list[str], second: list[str]) -> Run:
    outcomes = {"q1": outcome(first, SET.qrels["q1"]), "q2": outcome(second, SET.qrels["q2"])}
    return Run(outcomes, (1.0, 2.0), 100.0)


BEFORE, AFTER = run(["a", "b", "c"], ["a", "b"]), run(["c", "a"], ["c", "b"])


def saved(tmp_path: Path) -> SavedRun:
    save(tmp_path / "run.json", SET, BEFORE)
    return read(tmp_path / "run.json", SET)


def test_a_saved_run_is_read_back_whole(tmp_path: Path):
    found = saved(tmp_path)
    assert found.outcomes == BEFORE.outcomes
    assert found.constants == asdict(WEIGHTS)
    content = json.loads((tmp_path / "run.json").read_text("utf-8"))
    assert content["set"] == "小集"
    assert content["machine"]["cores"] >= 1
    assert content["queries"]["q1"]["top"] == ["a", "b", "c"]
    assert "丙" not in (tmp_path / "run.json").read_text("utf-8")  # scores and ids, no text of the set


def test_a_comparison_lists_who_gained_and_lost_with_the_ranks(tmp_path: Path):
    name, value = next(iter(asdict(WEIGHTS).items()))
    before = replace(saved(tmp_path), constants={**asdict(WEIGHTS), name: -9.0, "gone": 1.0})
    lines = comparison(SET, before, AFTER).splitlines()
    ndcg = next(line for line in lines if line.startswith("nDCG@10")).split()
    assert ndcg[4:7] == ["1", "1", "0"]  # wins, losses, ties
    assert [line for line in lines if line.startswith("常数")] == [
        f"常数 {name}：-9.0 → {value}",
        "常数 gone：1.0 → 无",
    ]
    gained, lost = (next(i for i, line in enumerate(lines) if line.startswith(word)) for word in ("进步", "退步"))
    assert "q1  丙在哪里" in lines[gained + 1] and lines[gained + 2].strip() == "c：3 → 1"
    assert "q2  甲是什么" in lines[lost + 1] and lines[lost + 2].strip() == "b：2 → 2；a：1 → 未找到"


def test_what_the_library_did_without_is_told_beside_the_figures():
    lame = replace(BEFORE, notices=("向量索引：连接不上",))
    assert "注意：向量索引：连接不上" in overview(SET, {"": lame}).splitlines()
    assert summary(SET, {"": lame})["notices"] == ["向量索引：连接不上"]
    assert "注意" not in overview(SET, {"": BEFORE})


REFUSED = [
    (lambda c: c.update(corpus="0"), "另一套标注集（小集）", "another corpus"),
    (lambda c: c.update(questions="0"), "不是这 2 个问题", "other questions or judgments"),
    (lambda c: c["queries"].pop("q2"), "不是这 2 个问题", "a question is missing"),
    (lambda c: c["queries"]["q1"]["scores"].pop("mrr@10"), "不是评测记录", "a metric is missing"),
    (lambda c: c.update(queries=[]), "不是评测记录", "questions in another form"),
    (lambda c: c.pop("figures"), "不是评测记录", "no figures"),
]


@pytest.mark.parametrize(("change", "told", "reason"), REFUSED, ids=[r[2] for r in REFUSED])
def test_a_run_that_cannot_be_compared_is_refused(tmp_path: Path, change, told: str, reason: str):
    saved(tmp_path)
    content = json.loads((tmp_path / "run.json").read_text("utf-8"))
    change(content)
    (tmp_path / "run.json").write_text(json.dumps(content), "utf-8")
    with pytest.raises(SettingsError, match=told) as caught:
        read(tmp_path / "run.json", SET)
    assert caught.value.hint


OTHER = [
    ({"corpus": (*SET.corpus[:2], ("c", "", "丁"))}, "另一套标注集", "a document reads otherwise"),
    ({"queries": SET.queries[:1]}, "这 1 个问题", "fewer questions"),
    ({"qrels": {"q1": {"c": 2}, "q2": {"a": 1, "b": 1}}}, "标注改过", "another grade"),
]


@pytest.mark.parametrize(("changed", "told", "reason"), OTHER, ids=[o[2] for o in OTHER])
def test_a_set_that_is_no_longer_the_same_is_noticed(tmp_path: Path, changed, told: str, reason: str):
    saved(tmp_path)
    with pytest.raises(SettingsError, match=told):
        read(tmp_path / "run.json", replace(SET, **changed))


def test_save_and_compare_from_the_command_line(tmp_path: Path, capsys):
    judged, file = load(JUDGMENTS, 3), tmp_path / "run.json"
    assert main([str(JUDGMENTS), "--limit", "3", "--save", str(file)]) == 0
    content = json.loads(file.read_text("utf-8"))
    content["queries"]["q01"] = asdict(outcome(["fund"], judged.qrels["q01"]))  # as if it had found nothing of use
    file.write_text(json.dumps(content), "utf-8")
    capsys.readouterr()
    assert main([str(JUDGMENTS), "--limit", "3", "--compare", str(file)]) == 0
    table, gained, lost = capsys.readouterr().out.split("\n\n")[2:]
    assert next(line for line in table.splitlines() if line.startswith("P@1")).split()[4:7] == ["1", "0", "2"]
    assert "q01  我们公司今年刚评上国高新" in gained and "tech：未找到 → 1" in gained
    assert lost.strip().endswith("：无")
    assert main([str(JUDGMENTS), "--limit", "2", "--compare", str(file)]) == 2
    assert "不是这 2 个问题" in capsys.readouterr().err


UNUSABLE = [
    (["--compare", "absent.json"], "找不到", "no such run"),
    (["--compare", "."], "无法读取", "a folder"),
    (["--compare", "text.json"], "不是评测记录", "no JSON"),
    (["--save", "absent/run.json"], "文件夹不存在", "nowhere to save"),
]


@pytest.mark.parametrize(("arguments", "told", "reason"), UNUSABLE, ids=[u[2] for u in UNUSABLE])
def test_files_that_cannot_be_used_are_told_in_two_lines(tmp_path, monkeypatch, capsys, arguments, told, reason):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "text.json").write_text("nDCG 0.4", "utf-8")
    assert main([str(JUDGMENTS), *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == "" and told in err
    assert len(err.strip().splitlines()) == 2


def test_a_limit_is_a_positive_number(capsys):
    with pytest.raises(SystemExit):
        main([str(JUDGMENTS), "--limit", "-1"])
    assert "应为正整数" in capsys.readouterr().err


def test_a_type_that_the_set_gives_is_kept_else_the_words_tell_it(tmp_path: Path):
    queries = [{"id": "1", "text": "补贴多少钱", "type": "how much"}, {"id": "2", "text": "补贴多少钱"}]
    (tmp_path / "queries.jsonl").write_text("".join(json.dumps(q) + "\n" for q in queries), "utf-8")
    (tmp_path / "corpus.jsonl").write_text('{"id": "a", "text": "补贴"}\n', "utf-8")
    (tmp_path / "qrels.tsv").write_text("1\ta\t1\n2\ta\t1\n", "utf-8")
    judged = load(tmp_path)
    assert judged.types == {"1": "how much", "2": "金额"}
    assert judged.name == tmp_path.name


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_a_run_names_the_commit_and_whether_the_search_differs_from_it(tmp_path: Path):
    def git(*arguments: str) -> str:
        identity = ("-c", "user.name=x", "-c", "user.email=x@x", "-c", "commit.gpgsign=false")
        return subprocess.run(
            ["git", "-C", str(tmp_path), *identity, *arguments], capture_output=True, text=True, check=True
        ).stdout.strip()

    assert commit(tmp_path) is None
    git("init", "--quiet")
    assert commit(tmp_path) is None  # nothing committed yet
    (tmp_path / "index").mkdir()
    (tmp_path / "index" / "ranking.py").write_text("A = 1\n", "utf-8")
    git("add", ".")
    git("commit", "--quiet", "-m", "one")
    (tmp_path / "README.md").write_text("results\n", "utf-8")  # what the benchmark itself writes does not count
    assert commit(tmp_path) == git("rev-parse", "--short", "HEAD")
    (tmp_path / "index" / "ranking.py").write_text("A = 2\n", "utf-8")
    assert commit(tmp_path) == git("rev-parse", "--short", "HEAD") + "+"
