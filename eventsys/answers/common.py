"""Questions that many meetings ask, in both languages, to begin with."""

from __future__ import annotations

from collections.abc import Mapping

from eventsys.answers.models import QuestionKind
from eventsys.answers.operations.questions import Wording

COMMON: Mapping[str, Wording] = {
    "arrival": Wording(QuestionKind.MOMENT, True, False, "抵达时间", "Arrival"),
    "plate": Wording(
        QuestionKind.LINE, False, False, "车牌号", "Car plate", "如需停车，请填写。", "If you need a parking place."
    ),
    "lodging": Wording(QuestionKind.YES_NO, True, False, "是否需要住宿", "Lodging needed"),
    "diet": Wording(
        QuestionKind.CHOICE,
        True,
        False,
        "用餐要求",
        "Diet",
        choices=(("无", "None"), ("清真", "Halal"), ("素食", "Vegetarian"), ("其他，见备注", "Other, see the note")),
    ),
}
