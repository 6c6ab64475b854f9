"""A file that the sample city's administrator has brought and not decided about."""

from __future__ import annotations

from datetime import timedelta

from eventsys.core.actor import Role
from eventsys.core.clock import now, played_at
from eventsys.core.transaction import write
from eventsys.exchange.columns import Sheet
from eventsys.exchange.operations import advance, begin_import
from eventsys.sample_city.people import Staff

LINES = (
    "编号,中文姓名,英文姓名,电子邮件,电话",
    ",外办新任科员甲,New officer A,officer.a@example.org,024 0000 1101",
    ",外办新任科员乙,New officer B,officer.b,024 0000 1102",
    ",外办新任科员丙,New officer C,officer.c@example.org,024 0000 1103",
)


def play_import(staff: Staff) -> None:
    """Three people, of whom one has an address that is none; it waits for a decision."""
    data = "\r\n".join(LINES).encode("gb18030")
    with played_at(now() - timedelta(hours=3)):
        with write():
            begin_import(data, "新任人员.csv", Sheet.PEOPLE, by=staff.actor(Role.ADMINISTRATOR))
        advance("sample city")
