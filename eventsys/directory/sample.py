"""The directory of the sample city: its organizations, posts, and people who are named by their posts.

The organizations are real and public (Shenyang and what belongs to it, in protocol order); nobody in it is a real
person.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from eventsys.core.actor import Actor
from eventsys.directory.models import Audience, Organization, OrganizationKind, Person, Post, PostKind
from eventsys.directory.operations import (
    AudienceFacts,
    OrganizationFacts,
    PersonFacts,
    PostFacts,
    PostKindFacts,
    add_organization,
    add_person_to_post,
    add_post,
    add_post_kind,
    save_audience,
)

SINCE = date(2022, 1, 1)
DOMAIN = "example.org"

DISTRICT, COUNTY, COUNTY_CITY = OrganizationKind.DISTRICT, OrganizationKind.COUNTY, OrganizationKind.COUNTY_CITY


class Part(NamedTuple):
    """Names and short names in both languages, the mail name, the kind."""

    name_zh: str
    short_zh: str
    name_en: str
    short_en: str
    mail: str
    kind: OrganizationKind


CITY = Part("沈阳市", "沈阳", "Shenyang", "Shenyang", "city", OrganizationKind.CITY)
OFFICE = Part(
    name_zh="沈阳市人民政府外事办公室",
    short_zh="市外办",
    name_en="Shenyang Foreign Affairs Office",
    short_en="Foreign Affairs Office",
    mail="office",
    kind=OrganizationKind.OFFICE,
)
ASSOCIATION = Part(
    name_zh="沈阳市人民对外友好协会",
    short_zh="市友协",
    name_en="Shenyang People’s Association for Friendship with Foreign Countries",
    short_en="Friendship Association",
    mail="association",
    kind=OrganizationKind.ASSOCIATION,
)
ADDRESS = ("沈阳市浑南区沈中大街206号", "206 Shenzhong Street, Hunnan District, Shenyang")
# In the city's protocol order.
PARTS = (
    Part("和平区", "和平", "Heping District", "Heping", "heping", DISTRICT),
    Part("沈河区", "沈河", "Shenhe District", "Shenhe", "shenhe", DISTRICT),
    Part("大东区", "大东", "Dadong District", "Dadong", "dadong", DISTRICT),
    Part("皇姑区", "皇姑", "Huanggu District", "Huanggu", "huanggu", DISTRICT),
    Part("铁西区", "铁西", "Tiexi District", "Tiexi", "tiexi", DISTRICT),
    Part("苏家屯区", "苏家屯", "Sujiatun District", "Sujiatun", "sujiatun", DISTRICT),
    Part("浑南区", "浑南", "Hunnan District", "Hunnan", "hunnan", DISTRICT),
    Part("沈北新区", "沈北新区", "Shenbei New Area", "Shenbei", "shenbei", DISTRICT),
    Part("于洪区", "于洪", "Yuhong District", "Yuhong", "yuhong", DISTRICT),
    Part("辽中区", "辽中", "Liaozhong District", "Liaozhong", "liaozhong", DISTRICT),
    Part("新民市", "新民", "Xinmin City", "Xinmin", "xinmin", COUNTY_CITY),
    Part("法库县", "法库", "Faku County", "Faku", "faku", COUNTY),
    Part("康平县", "康平", "Kangping County", "Kangping", "kangping", COUNTY),
)
DEPUTIES = {
    DISTRICT: ("分管外事副区长", "Deputy district head in charge of foreign affairs"),
    COUNTY: ("分管外事副县长", "Deputy county head in charge of foreign affairs"),
    COUNTY_CITY: ("分管外事副市长", "Deputy mayor in charge of foreign affairs"),
}
KINDS = {
    "deputy": ("分管外事副职领导", "Deputy head in charge of foreign affairs"),
    "director": ("外办主任", "Foreign affairs director"),
    "leader": ("市外办领导", "Leader of the foreign affairs office"),
    "division": ("处室负责人", "Head of a division"),
    "staff": ("工作人员", "Staff member"),
    "association": ("友协负责人", "Leader of the friendship association"),
}
# Title in both languages, kind of post, mail name (none: nobody holds the post).
OFFICE_POSTS = (
    ("主任", "Director", "leader", "director"),
    ("副主任（分管综合）", "Deputy Director, general affairs", "leader", "deputy.general"),
    ("副主任（分管涉外）", "Deputy Director, foreign-related affairs", "leader", "deputy.foreign"),
    ("综合处处长", "Head of the General Division", "division", "general"),
    ("秘书处处长", "Head of the Secretariat", "division", "secretariat"),
    ("礼宾处处长", "Head of the Protocol Division", "division", "protocol"),
    ("出国管理处处长", "Head of the Exit Administration Division", "division", "exit"),
    ("涉外管理处处长", "Head of the Foreign-related Affairs Division", "division", "foreign"),
    ("友好城市处处长", "Head of the Sister Cities Division", "division", "sister"),
    ("翻译中心主任", "Head of the Translation Centre", "division", ""),
    ("综合处一级主任科员", "Senior Officer of the General Division", "staff", "general.officer"),
    ("秘书处四级主任科员", "Officer of the Secretariat", "staff", "secretariat.officer"),
    ("礼宾处科员", "Officer of the Protocol Division", "staff", "protocol.officer"),
)
ASSOCIATION_POSTS = (
    ("会长", "President", "association", "president"),
    ("秘书长", "Secretary-General", "association", "secretary.general"),
    ("副秘书长", "Deputy Secretary-General", "association", "deputy.secretary"),
    ("联络部部长", "Head of the Liaison Department", "division", "liaison"),
    ("联络部干事", "Officer of the Liaison Department", "staff", "liaison.officer"),
)
LIAISON = ("联络员", "Liaison officer")


@dataclass(frozen=True, slots=True)
class SampleCity:
    """What was made, for the samples of other domains.

    Posts and people are found by (organization id, Chinese title).
    """

    city: Organization
    office: Organization
    association: Organization
    parts: tuple[Organization, ...]
    kinds: dict[str, PostKind]
    posts: dict[tuple[int, str], Post]
    people: dict[tuple[int, str], Person]
    audiences: tuple[Audience, ...]


def organizations_of_shenyang(by: Actor) -> SampleCity:
    """Make the sample city inside an open unit of work."""
    made = _Maker(by)
    city = made.organization(CITY, None)
    office = made.organization(
        OFFICE, city, "沈阳市浑南区沈中大街206号", "206 Shenzhong Street, Hunnan District, Shenyang"
    )
    association = made.organization(ASSOCIATION, city)
    parts = tuple(made.organization(part, city) for part in PARTS)
    for title_zh, title_en, kind, mail in OFFICE_POSTS:
        made.post(office, title_zh, title_en, kind, mail and f"{mail}@office.{DOMAIN}")
    for title_zh, title_en, kind, mail in ASSOCIATION_POSTS:
        made.post(association, title_zh, title_en, kind, mail and f"{mail}@association.{DOMAIN}")
    for row, part in zip(parts, PARTS, strict=True):
        made.posts_of_part(row, part)
    return SampleCity(
        city, office, association, parts, made.kinds, made.posts, made.people, made.audiences(office, association)
    )


class _Maker:
    """Makes rows through the verbs, so that the sample is audited and found like everything else."""

    def __init__(self, by: Actor) -> None:
        self.by = by
        self.kinds = {key: add_post_kind(PostKindFacts(*names), by=by) for key, names in KINDS.items()}
        self.posts: dict[tuple[int, str], Post] = {}
        self.people: dict[tuple[int, str], Person] = {}

    def organization(
        self, part: Part, parent: Organization | None, address_zh: str = "", address_en: str = ""
    ) -> Organization:
        facts = OrganizationFacts(
            kind=part.kind,
            name_zh=part.name_zh,
            name_en=part.name_en,
            short_zh=part.short_zh,
            short_en=part.short_en,
            address_zh=address_zh,
            address_en=address_en,
            email=f"{part.mail}@{DOMAIN}",
        )
        return add_organization(facts, parent, by=self.by)

    def posts_of_part(self, row: Organization, part: Part) -> None:
        """The two posts that the city's conferences ask for, and the liaison's."""
        self.post(row, *DEPUTIES[part.kind], "deputy", f"deputy@{part.mail}.{DOMAIN}")
        self.post(row, *KINDS["director"], "director", f"director@{part.mail}.{DOMAIN}")
        self.post(row, *LIAISON, "staff", f"liaison@{part.mail}.{DOMAIN}")

    def post(self, of: Organization, title_zh: str, title_en: str, kind: str, email: str) -> None:
        """A post and, with an address, somebody on it who is called by it."""
        key = (of.id, title_zh)
        self.posts[key] = add_post(of, PostFacts(title_zh, title_en, self.kinds[kind].id), by=self.by)
        if not email:
            return
        name_zh = (of.name_zh if of.kind in DEPUTIES else of.short_zh) + title_zh
        phone = f"024 0000 {len(self.people) + 1:04}"
        facts = PersonFacts(name_zh=name_zh, name_en=f"{title_en}, {of.short_en}", email=email, phone=phone)
        self.people[key] = add_person_to_post(facts, self.posts[key], SINCE, by=self.by)

    def audiences(self, office: Organization, association: Organization) -> tuple[Audience, ...]:
        """The two that the model meeting is convened with."""
        both = [self.kinds["deputy"].id, self.kinds["director"].id]
        districts = AudienceFacts(
            office.id,
            "各区、县（市）分管领导和外办主任",
            "Deputy heads and foreign affairs directors of all districts, counties and the county-level city",
            {"organization_kinds": [DISTRICT, COUNTY, COUNTY_CITY], "post_kind_ids": both},
        )
        staff = AudienceFacts(
            office.id,
            "市外办、市友协工作人员",
            "Staff of the Foreign Affairs Office and the Friendship Association",
            {"organization_ids": [office.id, association.id]},
        )
        return save_audience(districts, by=self.by), save_audience(staff, by=self.by)
