"""Letters of the model case."""

from dataclasses import replace
from datetime import UTC, datetime

from eventsys.calendar import write
from eventsys.mail.address import Address
from eventsys.mail.message import Mail
from tests.calendar.samples import CANCELLED, CONFERENCE, MOVED, SISTER_CITIES

PLAIN = Mail(
    sender=Address("Foreign Affairs Office", "waiban@example.gov.cn"),
    to=Address("Li Ming", "li.ming@example.gov.cn"),
    subject="Work report accepted",
    text="Dear Mr Li,\n\nYour work report was accepted.\n",
    html="<p>Dear Mr Li,</p>\n<p>Your work report was accepted.</p>\n",
    message_id="<report-7-1@meet.example.gov.cn>",
    date=datetime(2024, 8, 20, 1, 0, tzinfo=UTC),
    reply_to=Address("", "secretariat@example.gov.cn"),
    language="en",
)

INVITATION = Mail(
    sender=Address("市政府外事办公室", CONFERENCE.organizer.email),
    to=Address("李明", "li.ming@example.gov.cn"),
    subject="会议通知：全会精神宣讲会暨全市外办工作会议（8 月 22 日上午 9:00）",
    text="李明同志：\n\n请参加全会精神宣讲会暨全市外办工作会议。\n",
    html="<p>李明同志：</p>\n<p>请参加全会精神宣讲会暨全市外办工作会议。</p>\n",
    message_id="<inv-12-345-s0-1@meet.example.gov.cn>",
    date=datetime(2024, 8, 12, 1, 30, tzinfo=UTC),
    calendar=write.request(CONFERENCE),
    method="REQUEST",
    language="zh-Hans",
)

UPDATE = replace(
    INVITATION,
    subject="会议改期：全会精神宣讲会暨全市外办工作会议",
    message_id="<inv-12-345-s1-1@meet.example.gov.cn>",
    references=(INVITATION.message_id,),
    date=datetime(2024, 8, 15, 2, 0, tzinfo=UTC),
    calendar=write.request(MOVED),
)

CANCELLATION = replace(
    INVITATION,
    subject="会议取消：全会精神宣讲会暨全市外办工作会议",
    message_id="<inv-12-345-s2-1@meet.example.gov.cn>",
    references=(INVITATION.message_id, UPDATE.message_id),
    date=datetime(2024, 8, 16, 2, 0, tzinfo=UTC),
    calendar=write.cancel(CANCELLED),
    method="CANCEL",
)

ENGLISH = Mail(
    sender=Address("Foreign Affairs Office", SISTER_CITIES.organizer.email),
    to=Address('Jörg "JJ" Müller, Dr.', "j.mueller@example.org"),
    subject="Invitation: Sister cities round table 🤝👨‍👩‍👧‍👦",
    text="Dear Dr Müller,\n\nPlease come.\n",
    html="<p>Dear Dr Müller,</p>\n<p>Please come.</p>\n",
    message_id="<inv-13-346-s3-1@meet.example.gov.cn>",
    date=datetime(2026, 3, 2, 8, 0, tzinfo=UTC),
    calendar=write.request(SISTER_CITIES),
    method="REQUEST",
    language="en",
)
