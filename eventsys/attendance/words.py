"""How the states of the roll are called, and in which tone their tag stands."""

from __future__ import annotations

from eventsys.attendance.states import RollState
from eventsys.core.language import lazy_gettext as _l

STATES = {
    RollState.HERE: (_l("Here"), "pine"),
    RollState.LATE: (_l("Late"), "ochre"),
    RollState.LEFT: (_l("Left"), "grey"),
    RollState.REPRESENTED: (_l("Represented"), "outline"),
    RollState.EXPECTED: (_l("Expected"), "tint"),
    RollState.UNKNOWN: (_l("Not known"), "dashed"),
    RollState.EXCUSED: (_l("Excused"), "grey"),
    RollState.DECLINED: (_l("Not coming"), "grey"),
    RollState.ABSENT: (_l("Absent"), "vermilion"),
}
SHAPES = {
    RollState.HERE: "full",
    RollState.LATE: "half",
    RollState.LEFT: "half",
    RollState.REPRESENTED: "outline",
    RollState.EXPECTED: "empty",
    RollState.UNKNOWN: "empty",
    RollState.EXCUSED: "dash",
    RollState.DECLINED: "dash",
    RollState.ABSENT: "mine",
}
