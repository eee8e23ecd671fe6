"""Targets (目标) of a file: what is measured, the word of comparison, the figure and the period, in its own words."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.parse import document_from_text
from qa.framework.goal_reading import read_targets
from qa.framework.goals import find_goals

Said = tuple[str, str, str, str]


def said(text: str, aimed: bool = False) -> list[Said]:
    """Metric, comparator, value and period of each target, joined."""
    return [
        (
            "".join(s.of(text) for s in w.metric),
            "".join(s.of(text) for s in w.comparator),
            w.value.of(text),
            "".join(s.of(text) for s in w.period),
        )
        for w in read_targets(text, aimed)
    ]


TARGETS: list[tuple[str, list[Said]]] = [
    # the growth of what the part before is about
    (
        "到2025年，工业总产值达到1000亿元以上，年均增长10%左右。",
        [("工业总产值", "达到以上", "1000亿元", "到2025年"), ("工业总产值年均增长", "左右", "10%", "到2025年")],
    ),
    # 亿元以上 tells which projects are counted; 年 in front of 新引进 is every year
    (
        "年新引进亿元以上项目不低于40个,其中5亿元以上项目不低于7个,并逐年提升。",
        [
            ("新引进亿元以上项目", "不低于", "40个", "年"),
            ("5亿元以上项目", "不低于", "7个", "年"),
            ("新引进亿元以上项目", "", "逐年提升", "年"),  # of the whole, of which the 5亿元以上项目 are a part
        ],
    ),
    # a bracket that only explains is part of what is counted
    (
        "到2025年,力争打造节能环保(含新能源)、装备制造产值百亿元产业2个,生命健康产值超50亿元产业。",
        [
            ("打造节能环保(含新能源)、装备制造产值百亿元产业", "", "2个", "到2025年"),
            ("生命健康产值", "超", "50亿元", "到2025年"),
        ],
    ),
    # several figures for several things, and a unit per something
    (
        "到2025年，甲、乙产业产值分别达到150亿元、100亿元；平均投资强度不低于300万元/亩。",
        [
            ("甲、乙产业产值", "分别达到", "150亿元、100亿元", "到2025年"),
            ("平均投资强度", "不低于", "300万元/亩", "到2025年"),
        ],
    ),
    (
        "到2025年，花生种植、收获机械化率分别达到65%和55%。",
        [("花生种植、收获机械化率", "分别达到", "65%和55%", "到2025年")],
    ),
    # what is counted stands behind the figure; the second inherits no verb and still counts
    (
        "到2022年，建设50所高水平学校和150个骨干专业。",
        [("建设高水平学校", "", "50所", "到2022年"), ("骨干专业", "", "150个", "到2022年")],
    ),
    # 每年 behind ； does not also say 到2025年
    (
        "到2025年，产值超过40亿元；每年引进人才不少于60名。",
        [("产值", "超过", "40亿元", "到2025年"), ("引进人才", "不少于", "60名", "每年")],
    ),
    # the year goes on into the next sentence of the paragraph
    ("到2020年，能力提升。总动力超过10亿千瓦。", [("总动力", "超过", "10亿千瓦", "到2020年")]),
    ("到2025年，为各区至少培育1家示范基地。", [("为各区培育示范基地", "至少", "1家", "到2025年")]),
    # 每年 in another sentence is not until that year; what a trend is of may stand behind it
    (
        "到2023年，续约率达80%以上。覆盖率每年提升1～3个百分点，逐年提高满意度。",
        [
            ("续约率", "达以上", "80%", "到2023年"),
            ("覆盖率提升", "", "1～3个百分点", "每年"),
            ("满意度", "", "逐年提高", "每年"),
        ],
    ),
    # without a figure: full coverage
    ("到2020年底，实现抽查全覆盖。", [("抽查", "", "全覆盖", "到2020年底")]),
    # what is granted, asked of applicants or was so before is no target
    ("每年安排专项资金1.2亿元，单个企业每年最高不超过2000万元。", []),
    ("对到2025年产值达到1亿元的企业，给予50万元奖励。", []),
    ("第五条 每年接收见习人员20人以上，录用比例不低于20%。", []),
    ("近5年来，重复利用率提高到70.7%。", []),
    ("本办法自2025年4月1日起施行，有效期5年。", []),
]


@pytest.mark.parametrize(("text", "expected"), TARGETS, ids=[text[:16] for text, _ in TARGETS])
def test_targets_in_the_words_of_the_text(text, expected):
    assert said(text) == expected


def test_below_a_heading_of_aims_no_year_is_needed():
    assert said("全市签约项目履约率达到85%以上。", aimed=True) == [("全市签约项目履约率", "达到以上", "85%", "")]


def goals_of(text: str) -> list[tuple[str, str, str]]:
    document = document_from_text(text)
    return [
        (
            "".join(s.of(document.text) for s in r.words.metric),
            r.words.value.of(document.text),
            "".join(s.of(document.text) for s in r.words.period),
        )
        for r in find_goals(document)
    ]


def test_a_table_of_indicators():
    text = "关于印发规划的通知\n各区：\n一、主要指标\n指标\t单位\t2020年完成情况\t2025年目标\n地区生产总值\t亿元\t900\t1200\n城镇化率\t%\t60\t65以上\n"
    assert goals_of(text) == [("地区生产总值", "1200", "2025年目标"), ("城镇化率", "65以上", "2025年目标")]


def test_sentences_in_the_cells_of_any_table():
    text = "评价表\n序号\t内容\t要求\n1\t签约服务覆盖率\t每年增加1-3个百分点。2035年达到75%。\n2\t续约率\t较上一年增加，力争2023年达到80%。\n"
    assert goals_of(text) == [
        ("签约服务覆盖率增加", "1-3个百分点", "每年"),
        ("签约服务覆盖率", "75%", "2035年"),
        ("续约率", "80%", "2023年"),
    ]


def test_what_had_been_reached_before_the_file_was_made_is_no_target():
    head = "关于节水的函\n示函〔2005〕21号\n各区：\n"
    text = f"{head}一、情况\n2003年全国污水处理率达到42%。\n二、安排\n到2010年，污水处理率达到70%。\n示例市人民政府\n2005年3月3日\n"
    assert [value for _, value, _ in goals_of(text)] == ["70%"]


@given(st.text("到2025年每，。；、(（含）)产值达不低于超以上左右10亿元%个项目和引进新增\n\t一至-", max_size=80))
@settings(max_examples=30, deadline=None)
def test_every_part_stands_in_the_text_and_the_value_in_the_words(text):
    for words in read_targets(text, aimed=True):
        for span in (words.words, words.value, *words.metric, *words.comparator, *words.period):
            assert 0 <= span.start < span.end <= len(text)
        assert words.words.contains(words.value)


def test_time_grows_with_the_length_only():
    unit = "到2025年，产值达到100亿元以上、年均增长10%左右（含）和新增5亿元以上项目"

    def seconds(count: int) -> float:
        started = time.process_time()
        read_targets(unit * count)
        return time.process_time() - started

    took = [min(seconds(count) for _ in range(3)) for count in (100, 400)]  # one may meet a collection of garbage
    assert took[1] < 10 * took[0] + 0.2
