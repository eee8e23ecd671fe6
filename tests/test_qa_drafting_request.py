"""What a drafter asks for, from JSON: Chinese names, Chinese errors."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from ingest.errors import PolicyError
from qa.drafting import Point, request_from_json, request_to_json

FULL = {
    "文种": "一企一策",
    "目的": "推动项目落地",
    "行业": "汽车零部件",
    "项目": "底盘项目",
    "企业名称": "示例公司",
    "企业情况": {"设备投资额": "3000万元", "项目类型": ["新引进"]},
    "级别": "区",
    "地区": "清河区",
    "发文机关": "清河区人民政府",
    "支持事项": [{"事项": "设备补助", "拟定标准": "按10%给予补助"}, "人才"],
    "日期": "2026-04-01",
}


def test_chinese_names_are_understood_and_come_back():
    request = request_from_json(FULL)
    assert (request.kind, request.level, request.region) == ("individual", "district", "清河区")
    assert request.points == (Point("设备补助", "按10%给予补助"), Point("人才"))
    assert request.company and request.company.equipment_investment
    assert request.company.equipment_investment.value == Decimal(30_000_000)
    assert request.as_of == date(2026, 4, 1)
    assert request_from_json(request_to_json(request)) == request


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        ("若干政策措施", "measures"),
        ("measures", "measures"),
        ("实施方案", "plan"),
        ("个性化扶持政策（一企一策）建议稿", "individual"),
        ("一事一议请示", "request"),
        ("投资协议扶持条款", "agreement"),
        ("政策依据清单", "basis_list"),
    ],
)
def test_kinds_by_their_chinese_and_short_names(given, kind):
    assert request_from_json({"文种": given}).kind == kind


@pytest.mark.parametrize(
    "given",
    ["设备补助、人才", ["设备补助", "人才"], {"设备补助": "", "人才": None}, [{"topic": "设备补助"}, {"事项": "人才"}]],
)
def test_points_may_be_written_as_people_write_them(given):
    assert request_from_json({"文种": "请示", "支持事项": given}).points == (Point("设备补助"), Point("人才"))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ([], "须是一个 JSON 对象"),
        ({}, "文种：没有填"),
        ({"文种": "通告"}, "文种：没有“通告”"),
        ({"文种": "请示", "级别": "镇"}, "级别：没有“镇”"),
        ({"文种": "请示", "预算": "1亿"}, "没有“预算”这一项"),
        ({"文种": "请示", "kind": "plan"}, "文种：填了两次"),
        ({"文种": "请示", "地区": 5}, "地区：须是"),
        ({"文种": "请示", "目的": "长" * 501}, "目的：须是"),
        ({"文种": "请示", "支持事项": 3}, "支持事项：须是"),
        ({"文种": "请示", "支持事项": ["项"] * 31}, "支持事项：须是"),
        ({"文种": "请示", "支持事项": [{"金额": "1亿"}]}, "支持事项：没有“金额”"),
        ({"文种": "请示", "支持事项": [{"拟定标准": "10%"}]}, "支持事项：事项没有填"),
        ({"文种": "请示", "日期": "去年"}, "日期：看不懂“去年”"),
        ({"文种": "请示", "企业情况": "大企业"}, "企业情况：须是一个对象"),
        ({"文种": "请示", "企业情况": {"营业收入": "约1亿"}}, "营业收入"),  # the profile tells which of its fields
    ],
)
def test_what_cannot_be_understood_is_named_in_chinese(given, message):
    with pytest.raises(PolicyError, match=message):
        request_from_json(given)
