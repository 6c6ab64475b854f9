"""What people may type, at its worst: texts that forms take and that a calendar has to carry unchanged."""

from __future__ import annotations

from random import Random

from eventsys.core.text import clean_block, clean_line

CHINESE = (
    "全市外办主任会议",
    "全会精神宣讲会暨全市外事工作会议",
    "驻沈领事机构工作座谈会（第三次）",
    "关于做好2025年春季防汛工作的部署会",
    "友好城市圆桌会议：合作、交流、互鉴",
)
ENGLISH = (
    "Municipal conference of foreign affairs offices",
    "Sister cities round table; papers, notes",
    "Briefing: flood control, spring 2025",
    "Consulates' working session (third)",
)
NASTY = (
    r"\N",
    r"\n",
    r"C:\New\notes\;",
    r"\\server\share",
    r"\, \; \:",
    'the "quoted" part',
    "“弯引号”与『书名』",
    "a;b,c:d",
    "^n ^' ^^",
    "=?utf-8?q?a=0D=0ABcc:_evil@x?=",
    "=?utf-8?b?DQpCY2M6IGVAeA==?=",
    "END:VEVENT",
    "ATTENDEE;RSVP=TRUE:mailto:evil@example.org",
    "%(name)s {0} {{ x }} {% y %}",
    "<b>粗</b> &amp; &rsquo;",
    "🤝👨‍👩‍👧‍👦🏳️‍🌈",
    "𠮷野家、𪚥",
    "naïve café, Zürich",
    "全角；：，。！",
    "ends with a backslash\\",
    "https://example.org/a?b=c&d=%2F;e,f#g",
    "  two  blanks  ",
)


def line(random: Random, language: str, limit: int = 300) -> str:
    """One line, of everything in its turn; sometimes as long as it may be."""
    base = random.choice(CHINESE if language == "zh" else ENGLISH)
    parts = [base, *random.sample(NASTY, random.choice((0, 0, 1, 2, 3)))]
    random.shuffle(parts)
    text = " ".join(parts)
    if random.random() < 0.12:
        text = (text + ("会" if language == "zh" else " conference")) * limit
    return clean_line(text[:limit], limit)


def block(random: Random, language: str, limit: int = 4000) -> str:
    """Some lines, or none; sometimes as many as there may be."""
    if random.random() < 0.3:
        return ""
    lines = [line(random, language) for _ in range(random.randint(1, 6))] + [""] * random.randint(0, 2)
    random.shuffle(lines)
    text = "\n".join(lines)
    if random.random() < 0.08:
        text = f"{text}\n" * 30
    return clean_block(text[:limit], limit)


def name(random: Random, language: str) -> str:
    """A person's name, with whatever somebody thought belongs to it."""
    plain = random.choice(
        ("李明", "欧阳建国", "𠮷田", "阿依古丽·买买提") if language == "zh" else ("Li Ming", "O'Brien")
    )
    return clean_line(f"{plain} {random.choice((*NASTY, '', '', '', '', ''))}"[:120], 120)
