"""投资协议扶持条款: what each side undertakes; support follows the rules of the day and fair competition."""

from __future__ import annotations

from qa.drafting.desk import Desk
from qa.drafting.grids import standards_grid
from qa.drafting.kinds import parts
from qa.drafting.kinds.individual import breach
from qa.drafting.model import NO_BASIS, UNDECIDED, Draft


def agreement(desk: Desk) -> Draft:
    """投资协议扶持条款."""
    request = desk.request
    first, second = request.issuer or UNDECIDED, parts.company_name(request)
    project = parts.project_name(request)
    desk.say(f"甲方：{first}。", origin="given" if request.issuer else "open")
    desk.say(f"乙方：{second}。", origin="given" if request.company_name else "open")
    desk.heading("鉴于")
    basis = desk.based_on()
    desk.say(f"{basis or NO_BASIS}甲乙双方就{project or UNDECIDED}的扶持事项，本着依法合规、平等自愿的原则，约定如下。",
             origin="given" if basis and project else "open", marks=desk.basis_marks())  # fmt: skip
    desk.heading("项目内容")
    parts.project_facts(desk)
    desk.heading("甲方支持事项")
    for item in desk.items:
        desk.clause(item, 2, agreed=True)
    if not desk.items:
        desk.say(f"支持事项{UNDECIDED}{NO_BASIS}。", 2)
    standards_grid(desk, "支持事项明细表")
    desk.heading("乙方义务")
    for words in parts.undertakings(request):
        desk.say(f"乙方承诺{words}。", 2, origin="open" if UNDECIDED in words else "given")
    desk.say(f"开工时间{UNDECIDED}，竣工时间{UNDECIDED}，投资强度{UNDECIDED}。", 2)
    desk.heading("扶持兑现条件与程序")
    parts.procedure(desk)
    desk.rule("分期兑现 实际投资 建设进度 挂钩", ["分期兑现|建设进度挂钩"], "", f"兑现条件、期数和比例{UNDECIDED}。")
    desk.say("同一事项同时符合多项政策的，不重复享受，有关政策另有规定的从其规定。")
    desk.heading("违约责任")
    breach(desk)
    desk.heading("争议解决")
    desk.say(f"因履行本协议发生的争议，由双方协商解决；协商不成的，依法通过{UNDECIDED}解决。")
    desk.heading("公平竞争与政策调整")
    parts.fair_competition(desk, agreed=True)
    desk.say("本协议约定的支持事项以公平竞争审查通过为前提；法律、法规、规章和上级政策调整的，从其规定。")
    desk.heading("生效")
    desk.say(f"本协议自双方签字盖章之日起生效，有效期{UNDECIDED}。")
    return desk.draft(f"{project or second}投资协议扶持条款", "建议稿")
