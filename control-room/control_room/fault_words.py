"""A fault in words, for the pill of its service and for the time axis."""

from collections.abc import Mapping

_IN_WORDS = {
    "status": " {}",
    "slots": " {}",
    "n": " {}",
    "body": ", {}",
    "part": ", {}",
    "share": ", {:.0%}",
    "delay_s": ", {:g} s",
    "jitter_s": ", {:g} s more or less",
    "growth_s": ", {:g} s more each second",
    "interval_s": ", a byte every {:g} s",
    "service_s": " x {:g} s",
    "queue": ", a queue of {}",
    "newest_first_beyond": ", newest first beyond {}",
    "obeys_deadline": ", obeys deadlines",
    "cold_s": ", cold for {:g} s",
    "broken_s": ", {:g} s broken",
    "well_s": ", {:g} s well",
    "product_id": ", product {}",
    "for_s": ", for {:g} s",
    "for_calls": ", for {} calls",
}
# left out where they have their default
_MEANS_NOTHING: dict[str, object] = {
    "jitter_s": 0,
    "growth_s": 0,
    "queue": None,
    "newest_first_beyond": None,
    "obeys_deadline": False,
    "cold_s": 0,
}


def describe(fault: Mapping[str, object]) -> str:
    """Return a fault in words, such as `hang, 30 s` or `error 503, 50% of the calls`."""
    said = "".join(text.format(fault[name]) for name, text in _IN_WORDS.items() if _means_something(fault, name))
    share = "" if fault["rate"] == 1 else f", {fault['rate']:.0%} of the calls"
    return f"{fault['kind']}{said}{share}"


def _means_something(fault: Mapping[str, object], name: str) -> bool:
    return name in fault and not (name in _MEANS_NOTHING and fault[name] == _MEANS_NOTHING[name])
