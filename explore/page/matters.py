"""Which settings matter for this traffic, in sentences and as bars."""

from collections.abc import Iterable
from dataclasses import dataclass

from explore.model import Exploration, Matters
from explore.page.measured import MEASURES
from report.quantities import share

LEAST = 0.05  # of the variance: below it a setting does not matter
MOST_NAMED = 2
TITLES = {measured.name: measured.title for measured in MEASURES}


@dataclass(frozen=True, slots=True)
class Bar:
    """How much one setting matters for one measure, 0 to 1: an estimate may be a little outside, a bar is not."""

    share: float
    text: str


def summary(found: Exploration) -> str:
    """Return the settings that matter for nothing, in one sentence, after those that matter most."""
    if not found.matters:
        return "No measure varies over these points, so no setting matters."
    idle = [name for name in _names(found) if all(one.total[name] < LEAST for one in found.matters)]
    heads = dict.fromkeys(_ranked(one)[0] for one in found.matters)
    rest = _idle(idle) if idle else "every setting matters for some measure"
    return f"What matters most for this traffic is {_listed(heads)}; {rest}."


def is_rough(found: Exploration) -> bool:
    """Tell whether an estimate lies clearly outside of what a share can be."""
    return any(not -LEAST <= total <= 1 + LEAST for one in found.matters for total in one.total.values())


def sentences(found: Exploration) -> list[tuple[str, str]]:
    """Return for each measure what matters most for it, and what does not."""
    return [(TITLES[one.measure], _sentence(one)) for one in found.matters]


def bars(found: Exploration) -> list[tuple[str, list[Bar]]]:
    """Return a row for each setting, with a bar for each measure."""
    return [(name, [_bar(one.total[name]) for one in found.matters]) for name in _names(found)]


def titles(found: Exploration) -> list[str]:
    """Return the measures of the bars."""
    return [TITLES[one.measure] for one in found.matters]


def _sentence(one: Matters) -> str:
    most = [name for name in _ranked(one)[:MOST_NAMED] if one.total[name] >= LEAST]
    idle = [name for name, total in one.total.items() if total < LEAST]
    said = f"{_listed(most)} {'matter' if most[1:] else 'matters'} most" if most else "no setting stands out"
    return f"{said}; {_idle(idle)}" if idle else said


def _ranked(one: Matters) -> list[str]:
    return sorted(one.total, key=lambda name: -one.total[name])


def _names(found: Exploration) -> list[str]:
    return list(found.matters[0].total) if found.matters else []


def _bar(total: float) -> Bar:
    inside = min(1.0, max(0.0, total))
    return Bar(inside, share(round(inside, 2)))


def _idle(names: list[str]) -> str:
    return f"{_listed(names)} {'do' if names[1:] else 'does'} not"


def _listed(names: Iterable[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
