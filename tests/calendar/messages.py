"""Scheduling messages as other programs write them, made from lines."""

UID = "0b6f1d1e-6c1e-4d0b-9a55-6f1d2f0a8c11@meet.example.gov.cn"
LI_MING = "ATTENDEE;PARTSTAT=ACCEPTED:mailto:li.ming@example.com"


def event(*lines: str, uid: str = UID, stamp: str = "20240813T033500Z") -> tuple[str, ...]:
    return ("BEGIN:VEVENT", f"UID:{uid}", f"DTSTAMP:{stamp}", *lines, "END:VEVENT")


def calendar(*lines: str, method: str | None = "REPLY") -> bytes:
    head = ("BEGIN:VCALENDAR", "VERSION:2.0", *([f"METHOD:{method}"] if method is not None else []))
    return "".join(f"{line}\r\n" for line in (*head, *lines, "END:VCALENDAR")).encode()


def reply(*lines: str, method: str = "REPLY") -> bytes:
    return calendar(*event(*lines), method=method)
