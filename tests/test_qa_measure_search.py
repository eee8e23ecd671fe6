"""Which measure a topic means, and what is put beside it: on the sample files."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from index.library import Library
from index.query import Filters
from ingest.errors import NotHeld, SettingsError
from ingest.settings import Settings
from qa.measure_search import comparison_of, listed, measure_meant
from qa.render.measures_plain import comparison_dict, comparison_text, measure_dict, measures_text

TODAY = date(2026, 6, 1)


@pytest.fixture(scope="module")
def samples(sample_data: Path):
    with Library.open(Settings(data=sample_data)) as library:
        library.catch_up()
        yield library


# (topic, measure, why)
MEANT = [
    ("技术改造补助", "清政〔2024〕9号#第八条", "the policy, not the row of the list that repeats it"),
    ("展会展位费补贴", "清政〔2025〕5号#二", "the new wording of 第十七条, not the old one"),
    ("标准化厂房租金", "清政〔2025〕5号#一", "the new wording of 第五条"),
    ("高校毕业生就业补贴", "云政〔2024〕6号#二10", "by its heading"),
    ("清办〔2023〕11号#二(五)", "清办〔2023〕11号#二(五)", "by its number"),
]


@pytest.mark.parametrize(("topic", "measure_id", "why"), MEANT, ids=[row[2] for row in MEANT])
def test_a_topic_means_the_clause_that_counts(samples, topic, measure_id, why):
    assert measure_meant(samples, topic, TODAY).measure.id == measure_id


@pytest.mark.parametrize("topic", ["天气", "外星人登陆", "清政〔2024〕9号#第九十九条"])
def test_a_topic_that_no_measure_speaks_of_is_told_so(samples, topic):
    with pytest.raises(NotHeld):
        measure_meant(samples, topic, TODAY)


def test_the_same_support_stands_from_the_province_down_each_cell_verbatim(samples):
    comparison = comparison_of(samples, measure_meant(samples, "招商引荐奖励", TODAY), TODAY)
    documents = {row.record.card.id: samples.document(row.record.card.id) for row in comparison.rows}
    said = comparison_text(comparison, documents)
    for words in ("省级 xx省", "市级 云澜市", "区县级 清河区", "1.5‰", "单个项目最高200万元", "文中没有写明", "不相加"):
        assert words in said
    given = comparison_dict(comparison, documents)
    assert json.loads(json.dumps(given)) == given
    assert [row["level"] for row in given["rows"]] == ["province", "city", "city", "district"]
    for row in given["rows"]:
        text = documents[row["document_id"]].text
        for cell in row["cells"].values():
            assert cell["text"] == "；".join(text[s["start"] : s["end"]].strip() for s in cell["spans"])


def test_a_measure_tells_every_part_with_its_words(samples):
    record = samples.measure("清政〔2024〕9号#第四条")
    document = samples.document(record.card.id)
    given = measure_dict(record, document)
    assert given["source"].endswith("（清政〔2024〕9号）第四条")
    places = list(_places(given["fields"]))
    assert len(places) > 8
    for span, quote in places:
        assert document.text[span["start"] : span["end"]].strip() == quote
    first = given["fields"]["benefits"][0]
    assert (first["rate"]["value"], first["max"]["value"]) == ("0.08", "10000000")


def _places(value: object):
    """Every span with the words that are said to stand there."""
    if isinstance(value, dict):
        if "quote" in value:
            yield value["span"], value["quote"]
        for each in value.values():
            yield from _places(each)
    elif isinstance(value, list):
        for each in value:
            yield from _places(each)


def test_measures_are_listed_by_type_of_support(samples):
    talents = listed(samples, Filters(levels=("city",)), ("人才补贴",), TODAY)
    assert {"云政〔2024〕6号#二7", "云政〔2024〕6号#二9"} <= {record.measure.id for record in talents}
    assert all(any(b.type == "人才补贴" for b in record.measure.benefits) for record in talents)
    shown = measures_text([(record, samples.document(record.card.id)) for record in talents[:1]], len(talents))
    assert "人才补贴" in shown and f"共 {len(talents)} 项，这里显示 1 项" in shown
    with pytest.raises(SettingsError, match="没有这种支持类型"):
        listed(samples, Filters(), ("好处",), TODAY)
