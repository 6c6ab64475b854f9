"""Texts of the benchmark's records, of the length and kind that offices write, in both languages."""

from __future__ import annotations

from typing import NamedTuple


class Pair(NamedTuple):
    """One text in Chinese and in English."""

    zh: str
    en: str


SUBJECTS = (
    Pair("全市外办主任会议", "Conference of the city's foreign affairs directors"),
    Pair("驻沈外国机构政策说明会", "Information session for foreign institutions in Shenyang"),
    Pair("国际友城工作推进会", "Working meeting on sister cities"),
    Pair("涉外应急处置工作座谈会", "Symposium on emergencies that involve foreign nationals"),
    Pair("外事系统业务培训班", "Training for the foreign affairs system"),
    Pair("东北亚地方合作筹备会", "Preparation of the Northeast Asia local cooperation forum"),
    Pair("外国专家新春座谈会", "New Year symposium with foreign experts"),
    Pair("因公出国管理工作会议", "Meeting on the administration of official travel abroad"),
)
VENUES = (
    Pair("市外办301会议室", "Room 301, Foreign Affairs Office"),
    Pair("市政府第二会议室", "Second meeting room, municipal government"),
    Pair("友谊宾馆国际厅", "International Hall, Friendship Hotel"),
)
ADDRESS = Pair("沈阳市浑南区沈中大街206号", "206 Shenzhong Street, Hunnan District, Shenyang")
ITEMS = (
    ("opening", 10, Pair("宣布开会，介绍与会人员", "Opening and introduction of those present")),
    ("study", 20, Pair("学习上级外事工作会议精神", "Study of the decisions on foreign affairs work")),
    ("work_report", 15, Pair("年度工作情况汇报", "Report on the year's work")),
    ("speech", 10, Pair("经验交流发言", "Sharing of experience")),
    ("discussion", 20, Pair("分组讨论", "Discussion in groups")),
    ("break", 10, Pair("休息", "Break")),
    ("plan", 15, Pair("部署下一阶段重点工作", "Tasks of the next stage")),
    ("closing", 10, Pair("总结讲话", "Closing remarks")),
)
DISTRICTS = (
    Pair("和平区", "Heping District"),
    Pair("沈河区", "Shenhe District"),
    Pair("大东区", "Dadong District"),
    Pair("皇姑区", "Huanggu District"),
    Pair("铁西区", "Tiexi District"),
    Pair("苏家屯区", "Sujiatun District"),
    Pair("浑南区", "Hunnan District"),
    Pair("沈北新区", "Shenbei New Area"),
    Pair("于洪区", "Yuhong District"),
    Pair("辽中区", "Liaozhong District"),
    Pair("新民市", "Xinmin City"),
    Pair("法库县", "Faku County"),
    Pair("康平县", "Kangping County"),
)
SECTIONS = (Pair("外事办公室", "Foreign Affairs Office"), Pair("商务局", "Commerce Bureau"))
TITLES = (
    Pair("主任", "Director"),
    Pair("副主任", "Deputy director"),
    Pair("综合处处长", "Head of the general division"),
    Pair("联络处处长", "Head of the liaison division"),
    Pair("四级调研员", "Researcher, fourth grade"),
)
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华慧建文玉兰红志国春梅晓东海波宁飞鹏云龙雪松柏"
PARAGRAPHS = (
    Pair(
        "会议传达学习了上级外事工作会议精神，总结了上半年全市外事工作，对下半年重点任务作出安排。",
        "The meeting studied the decisions on foreign affairs, reviewed the city's work in the first half of the year "
        "and set out the main tasks of the second.",
    ),
    Pair(
        "会议指出，各区县（市）要主动对接、靠前服务，结合本地产业特点，扩大与友好城市在经贸、教育、文化等领域的交流合作。",
        "Districts and counties were asked to act early and, each with its own industries in mind, to widen exchange "
        "with sister cities in trade, education and culture.",
    ),
    Pair(
        "会议要求，严格因公临时出国（境）管理，完善涉外突发事件应急预案，做好在沈外国人的服务与管理工作，切实维护良好的涉外环境。",
        "Official travel abroad is to be administered strictly, plans for emergencies that involve foreign nationals "
        "are to be completed, and services for foreigners in the city improved.",
    ),
    Pair(
        "与会人员围绕重点工作开展了交流讨论，和平区、浑南区、沈北新区等单位作了发言，介绍了各自的做法和体会。",
        "Those present discussed the main tasks; Heping, Hunnan and Shenbei spoke about their practice and what they "
        "had learned from it.",
    ),
    Pair(
        "会议强调，要加强外事干部队伍建设，提高政策水平和业务能力，形成上下联动、协调配合的工作格局。",
        "The training of foreign affairs staff was stressed, so that city, districts and counties work as one.",
    ),
)


def subject(number: int) -> Pair:
    """The title of one meeting; every number has its own."""
    zh, en = SUBJECTS[number % len(SUBJECTS)]
    return Pair(f"{zh}（第{number}次）", f"{en}, no. {number}")


def person(number: int) -> Pair:
    """The name of one person, made up; every number below 100,000 has its own pinyin or characters."""
    first = SURNAMES[number % len(SURNAMES)]
    rest, last = divmod(number // len(SURNAMES), len(GIVEN))
    return Pair(first + GIVEN[rest % len(GIVEN)] + GIVEN[last], f"Person {number}")


def body(number: int) -> Pair:
    """The text of one notice as safe HTML, seven paragraphs."""
    chosen = [PARAGRAPHS[(number + step) % len(PARAGRAPHS)] for step in range(7)]
    return Pair(*("".join(f"<p>{text[index]}</p>" for text in chosen) for index in (0, 1)))
