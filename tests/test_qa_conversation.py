"""Follow-up questions made whole, and questions that stand on their own left alone."""

from __future__ import annotations

import pytest

from qa.conversation import standalone

BEFORE = [("每年要新引进多少个亿元以上项目？", "年新引进亿元以上项目不低于40个。")]
DOCTOR = [("博士来工作每个月给多少？", "……")]

CASES = [
    (BEFORE, "其中5亿元以上的呢？", "每年要新引进多少个亿元以上项目；其中5亿元以上？", "其中 points back"),
    (DOCTOR, "硕士和本科呢？", "博士来工作每个月给多少；硕士和本科？", "a bare subject with 呢"),
    (DOCTOR, "那市里呢？", "博士来工作每个月给多少；市里？", "那 … 呢"),
    (
        [*DOCTOR, ("硕士呢？", "……")],
        "那本科呢？",
        "博士来工作每个月给多少；本科？",
        "the last whole question, not the last follow-up",
    ),
    (DOCTOR, "人才公寓能住多久？", "人才公寓能住多久？", "whole question, nothing leans on the one before"),
    (DOCTOR, "这个方案依据哪些上级文件？", "这个方案依据哪些上级文件？", "这个方案 is a file, not the answer before"),
    (DOCTOR, "那年引进多少项目算完成目标？", "那年引进多少项目算完成目标？", "那年 is no pointing word"),
    ([], "硕士呢？", "硕士呢？", "no conversation yet"),
]


@pytest.mark.parametrize(("history", "question", "expected", "why"), CASES, ids=[c[3] for c in CASES])
def test_a_follow_up_is_made_whole(history, question, expected, why):
    assert standalone(question, history) == expected, why
