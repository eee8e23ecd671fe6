"""政策依据清单: the files, what each level provides on each point, what is left to lower levels, and what has ended."""

from __future__ import annotations

from qa.drafting.desk import Desk
from qa.drafting.grids import levels_grid
from qa.drafting.items import DELEGATED
from qa.drafting.model import NO_BASIS, UNDECIDED, Draft, Remark

LEFT_OPEN, ENDED = "授权下级制定或细化的规定", "已失效、已废止的文件（供参考，不作依据）"


def basis_list(desk: Desk) -> Draft:
    """政策依据清单."""
    request = desk.request
    about = request.purpose.rstrip("。").removeprefix("为") or request.industry or UNDECIDED
    desk.say(f"本清单围绕“{about}”整理，时效以{desk.as_of.year}年{desk.as_of.month}月{desk.as_of.day}日为准。",
             origin="given")  # fmt: skip
    desk.heading("文件清单")
    desk.basis_table()
    for topic, items in desk.groups:
        desk.heading(topic)
        if any(item.basis for item in items):
            levels_grid(desk, [(topic, items)], f"{topic}的各级规定")
        else:
            desk.say(f"没有查到现行规定{NO_BASIS}。", remarks=items[0].remarks)
    if not desk.groups:
        desk.say(f"没有查到现行规定{NO_BASIS}。")
    for title, kind in ((LEFT_OPEN, "delegated"), (ENDED, "ended")):
        every = (remark for item in desk.items for remark in item.remarks if remark.kind == kind)
        found = [remark for remark in every if kind != "delegated" or DELEGATED in remark.text]
        if found:
            desk.heading(title)
            for remark in dict.fromkeys(found):
                _told(desk, remark)
    return desk.draft(f"{desk.place}{about}政策依据清单", "内部参考")


def _told(desk: Desk, remark: Remark) -> None:
    desk.say(
        f"{remark.text}。" if not remark.text.endswith(("。", "”")) else remark.text,
        origin="source",
        marks=remark.marks,
    )
