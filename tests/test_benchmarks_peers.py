"""The comparison with what else can be built: every system is really there, reads the whole file, and is measured alike."""

from __future__ import annotations

import json
import runpy
import sys
from pathlib import Path

import pytest
from llama_index.core.node_parser import SentenceSplitter

pytest.importorskip("llama_index.retrievers.bm25")
pytest.importorskip("llama_index.vector_stores.chroma")

from index.evaluation import METRICS, JudgedSet
from tests.benchmarks import peers
from tests.benchmarks.peers import BM25, CHROMA, FUSION, OURS

JUDGMENTS = Path(__file__).parent / "judgments"
SYSTEMS = (OURS, BM25, FUSION, CHROMA)

SENTENCES = {
    "租房": "毕业五年内的本科生每月发放租房补贴八百元。",
    "研发": "规模以上企业增加研发费用的按百分之八给予补助。",
    "养老": "新建社区养老服务中心每张床位补贴五千元。",
    "充电": "公共充电桩运营单位每度电补贴两角。",
    "种粮": "种植水稻一百亩以上的农户购买农机给予贴息。",
    "会展": "举办国际展览的单位减半收取场地租金。",
}
FILLER = "本节介绍有关背景和工作过程，内容从略。" * 70  # more than a chunk of the peers


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    judged = JudgedSet(tuple((name, f"关于{name}的办法", text) for name, text in SENTENCES.items()), (), {})
    with peers.systems(judged, tmp_path_factory.mktemp("peers")) as systems:
        yield systems


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("name", SENTENCES)
def test_every_system_puts_the_file_that_has_the_sentence_first(built, system: str, name: str):
    assert built[system].search(SENTENCES[name], 10)[0] == name


@pytest.mark.parametrize("system", SYSTEMS)
def test_more_hits_than_there_are_chunks_are_all_documents_once(built, system: str):
    found = built[system].search("补贴", 300)
    assert len(found) == len(set(found))
    assert set(found) <= set(SENTENCES)
    assert {"租房", "养老", "充电"} <= set(found)


def test_bm25_finds_a_word_inside_a_sentence_without_spaces(built):
    assert built[BM25].search("我想买农机", 1) == ["种粮"]


def test_bm25_finds_the_last_sentence_of_a_long_file():
    files = [("种粮", "", SENTENCES["种粮"]), ("会展", "长篇报告", FILLER + SENTENCES["会展"])]
    nodes = peers.chunks(JudgedSet(tuple(files), (), {}), SentenceSplitter())
    assert sum(node.ref_doc_id == "会展" for node in nodes) > 1
    assert peers.documents_of(peers.JiebaBM25(nodes))("国际展览的场地租金", 1) == ["会展"]


@pytest.mark.parametrize("question", ["租房补贴多少钱", "养老床位补贴五千元", "企业购买农机"])
def test_fusion_is_the_reciprocal_rank_fusion_of_its_legs(built, question: str):
    legs = [built[name].search(question, 10) for name in (BM25, CHROMA)]  # a chunk a file
    fused = built[FUSION].search(question, 10)
    assert sorted(fused) == sorted(SENTENCES)
    values = [sum(1 / (60 + leg.index(name)) for leg in legs) for name in fused]
    assert values == sorted(values, reverse=True)


def test_the_command_prints_and_saves_a_row_for_each_system(tmp_path: Path, capsys):
    saved = tmp_path / "peers.json"
    assert peers.main([str(JUDGMENTS), "--limit", "8", "--json", str(saved)]) == 0
    printed = capsys.readouterr().out
    figures = json.loads(saved.read_text("utf-8"))["sets"]["judgments"]
    assert figures["queries"] == 8
    assert tuple(figures["systems"]) == SYSTEMS
    for name, row in figures["systems"].items():
        assert set(row) == {*METRICS, "p50_ms", "p95_ms", "build_s"}
        assert row["recall@100"] == 1.0, f"{name} has lost documents"  # 15 files, 100 places
        assert f"\n{name} " in printed
    for name, pair in figures["paired"].items():
        assert pair["wins"] + pair["losses"] + pair["ties"] == 8
        assert pair["after"] == figures["systems"][OURS]["ndcg@10"]
        assert pair["before"] == figures["systems"][name]["ndcg@10"]


def test_a_set_that_cannot_be_read_is_refused_in_two_lines(tmp_path: Path, capsys):
    assert peers.main([str(tmp_path)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "qrels.tsv" in err
    assert len(err.strip().splitlines()) == 2


@pytest.mark.filterwarnings("ignore:.*found in sys.modules:RuntimeWarning")
def test_without_the_extra_it_says_what_to_install(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "llama_index.retrievers.bm25", None)
    with pytest.raises(SystemExit) as exit_:
        runpy.run_module("tests.benchmarks.peers", run_name="__main__")
    assert exit_.value.code == 2
    assert "[bench]" in capsys.readouterr().err.splitlines()[1]
