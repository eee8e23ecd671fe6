"""时效: hard wordings of a file's own term, each with the reason why it is read so. Issued on 2022-03-15."""

from datetime import date

import pytest

from ingest.validity import find_terms

ISSUED = date(2022, 3, 15)
START, END = "2024-01-01", "2026-12-31"

# why, text, effective on, expires on
WORDINGS = [
    ("a printed last day", "本办法自印发之日起施行，有效期至2027年3月14日。", "2022-03-15", "2027-03-14"),
    ("截至 says 至", "本办法有效期截至2027年12月31日。", None, "2027-12-31"),
    ("为 between 有效期 and its length", "本办法自2024年1月1日起施行，有效期为3年。", START, END),
    ("有效期限", "本措施自2024年1月1日起实施，有效期限三年。", START, END),
    ("what follows the length does not matter", "本办法自2024年1月1日起施行，有效期3年，到期自动失效。", START, END),
    ("a number repeated in characters", "本办法自2024年1月1日起施行，有效期3（三）年。", START, END),
    ("characters repeated in digits", "本办法自2024年1月1日起施行，有效期三（3）年。", START, END),
    ("a trial with its own term", "本办法自2024年1月1日起试行，试行期两年。", START, "2025-12-31"),
    ("试行期限", "本办法自2024年1月1日起试行，试行期限为1年。", START, "2024-12-31"),
    ("the verb is the term", "本办法自印发之日起试行一年。", "2022-03-15", "2023-03-14"),
    ("暂定 with a length", "本政策自2024年1月1日起执行，暂定三年。", START, END),
    ("暂定 with a day", "本政策自2024年1月1日起施行，暂定执行至2026年12月31日。", START, END),
    ("calendar years", "本政策执行期为2024—2026年。", None, END),
    ("calendar years, each with 年", "本政策执行期限为2024年至2026年。", None, END),
    ("止 behind the last day", "本政策自2024年7月1日起施行，至2026年6月30日止。", "2024-07-01", "2026-06-30"),
    ("both days before the verb", "本政策自2024年7月1日起至2026年6月30日止执行。", "2024-07-01", "2026-06-30"),
    ("期限自…至…", "本政策实施期限自2024年7月1日至2026年6月30日。", "2024-07-01", "2026-06-30"),
    ("有效期自…至…", "本通知有效期自2024年7月1日至2026年6月30日。", "2024-07-01", "2026-06-30"),
    ("days after publication", "本规定自公布之日起30日后施行。", "2022-04-14", None),
    ("days in characters", "本规定自公布之日起三十日后施行。", "2022-04-14", None),
    ("满 says the same", "本规定自公布之日起满30日施行。", "2022-04-14", None),
    ("the term runs from the later start", "本办法自发布之日起六十日后施行，有效期5年。", "2022-05-14", "2027-05-13"),
    ("months after publication", "本办法自发布之日起1个月后施行。", "2022-04-15", None),
    ("working days depend on the calendar of that year", "本办法自发布之日起10个工作日后施行。", None, None),
    ("the next month is not computed", "本办法自印发之日次月1日起施行。", None, None),
    ("a term that is another file's", "本细则有效期与《清河区若干政策》一致。", None, None),
    ("相同 instead of 一致", "本细则自印发之日起施行，有效期与《若干政策》相同。", "2022-03-15", None),
    ("for ever has no last day", "本通知自印发之日起施行，长期有效。", "2022-03-15", None),
    ("a certificate's term", "获奖证书有效期3年。本办法自2024年1月1日起施行。", START, None),
    ("a coupon's term", "消费券有效期至2024年12月31日。本通知自印发之日起施行。", "2022-03-15", None),
    ("a voucher's term behind the start", "本办法自印发之日起施行。创新券有效期为1年。", "2022-03-15", None),
    ("a project's term", "项目实施期不超过2年。本办法自印发之日起施行，有效期3年。", "2022-03-15", "2025-03-14"),
    ("an accreditation's term", "高新技术企业认定有效期三年。本办法自印发之日起施行。", "2022-03-15", None),
    ("a register's term", "入库企业名录有效期2年。", None, None),
    ("a guarantee's term", "保函有效期至2025年12月31日。", None, None),
    ("a patent's term", "专利权有效期为二十年。本办法自2024年1月1日起施行，有效期至2026年12月31日。", START, END),
    ("a colon", "政策有效期：2024年1月1日至2026年12月31日。", START, END),
    ("○ as zero", "本办法自二○二四年一月一日起施行，有效期至二○二六年十二月三十一日。", START, END),
    ("a month is meant to its end", "本办法自印发之日起施行，有效期到2025年6月。", "2022-03-15", "2025-06-30"),
    ("年底", "本办法自印发之日起实施，执行至2025年底。", "2022-03-15", "2025-12-31"),
    ("终止 behind a day", "本通知自2024年5月1日起执行，2025年4月30日终止。", "2024-05-01", "2025-04-30"),
    ("失效 behind a day", "本办法自2024年1月1日起施行，2026年12月31日失效。", START, END),
    ("截止", "本政策自2024年1月1日起执行，截止2026年12月31日。", START, END),
    ("a deadline for applications", "申报截止2024年6月30日。本办法自2024年1月1日起施行。", START, None),
    ("the term of a subsidy", "租金补贴期限为3年。本办法自2024年1月1日起施行。", START, None),
    ("a contract's term", "合同期限至2025年12月31日。本办法自2024年1月1日起施行。", START, None),
    ("a transition", "过渡期至2024年6月30日。本办法自2024年1月1日起施行。", START, None),
    ("the term of the file that is replaced", "原《办法》有效期至2023年12月31日。本办法自2024年1月1日起施行。", START, None),
    ("the older policy in the same sentence", "本办法自2024年1月1日起施行，原政策执行至2024年6月30日。", START, None),
    ("terms of single articles", "第五条有效期至2024年12月31日，其他条款有效期至2026年12月31日。", None, None),
    ("until something happens", "本通知自印发之日起执行，有效期至国家出台新政策之日止。", "2022-03-15", None),
    ("a note under the title", "（2017年3月1日国务院令第5号公布 自2017年5月1日起施行）\n第一条 为了规范。", "2017-05-01", None),
    ("an order", "《云澜市兑现管理办法》已经审议通过，现予公布，自2025年4月1日起施行。", "2025-04-01", None),
    ("a tax notice", "本公告执行至2027年12月31日。", None, "2027-12-31"),
    ("a tax notice with its start", "本公告自2023年1月1日起执行，执行期限至2027年12月31日。", "2023-01-01", "2027-12-31"),
    ("上述政策 are those of the file", "上述政策执行期限为2023年1月1日至2027年12月31日。", "2023-01-01", "2027-12-31"),
    ("下发 is issue", "本通知自下发之日起执行。", "2022-03-15", None),
    ("months", "本通告自发布之日起施行，有效期6个月。", "2022-03-15", "2022-09-14"),
    ("more than twelve months", "本通告自2024年1月1日起施行，有效期18个月。", START, "2025-06-30"),
    ("内有效", "本办法自印发之日起施行，5年内有效。", "2022-03-15", "2027-03-14"),
    ("no verb between start and term", "本办法自印发之日起有效期3年。", "2022-03-15", "2025-03-14"),
    ("自实施之日起 within the term", "本办法自2024年1月1日起实施，有效期自实施之日起3年。", START, END),
    ("the start of a contract", "本合同自签订之日起生效。本办法自2024年1月1日起生效。", START, None),
    ("a plan's period is what it plans for", "规划期限为2021—2025年。", None, None),
    ("an earlier measure ends, the file does not", "自本办法印发之日起，旧政策停止执行。", None, None),
    ("a start in the future", "本条例自2027年1月1日起施行。", "2027-01-01", None),
]  # fmt: skip


@pytest.mark.parametrize(("why", "text", "effective_on", "expires_on"), WORDINGS, ids=[case[0] for case in WORDINGS])
def test_wordings(why, text, effective_on, expires_on):
    terms = find_terms(text, issued_on=ISSUED)
    found = [day.isoformat() if day else None for day in (terms.effective_on, terms.expires_on)]
    assert found == [effective_on, expires_on]
    assert (terms.effective_span is None) <= (effective_on is None)
    assert (terms.expires_span is None) <= (expires_on is None)


def test_a_term_that_follows_another_file_is_flagged():
    for text in ("有效期与《若干政策》一致", "有效期与主文件相同", "与《若干政策》有效期同步"):
        assert "relative_term" in find_terms(f"本细则自印发之日起施行，{text}。", issued_on=ISSUED).flags
