"""What a figure measures, where no table lists it: its own words without those that say how it moved or what it is a share of."""

from __future__ import annotations

import re

_SHARE_NAME = re.compile(r"(?P<what>[\u4e00-\u9fff]{2,12}?)占[\u4e00-\u9fff]{2,14}?的?(?:比例|比重|占比|比)?\Z")
_FALLEN = re.compile(r"(?P<what>[\u4e00-\u9fff]{2,12}?)(?:(?:同比|(?:较|比)上年(?:度|同期)?)(?:下降|降低))(?:率|幅度)?")


def standard_name(noun: str) -> str:
    """研发人员占比 of 研发人员占职工总数的比例, 综合能耗下降 of 综合能耗较上年下降."""
    noun = re.sub(r"^(?:年化|平均)(?=.{3}率)|^(?:实际)?(?:缴纳|实现)(?=税收\Z)", "", noun)
    share = _SHARE_NAME.fullmatch(noun)
    if share:
        return f"{share['what']}占比"
    fallen = _FALLEN.fullmatch(noun)
    return f"{fallen['what']}下降" if fallen else noun
