"""The fault that `explore` expects, from the words of docs/faults.md."""

import pytest

from experiment.errors import UsageError
from explore.fault import fault_from
from explore.traffic import Fault


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("hang", Fault(hang_share=1.0)),
        ("hang,rate=0.7", Fault(hang_share=0.7)),
        ("recommendations:error,rate=0.5,status=503", Fault(error_share=0.5)),
        ("slow,delay_s=1.5", Fault(delay_s=1.5)),
    ],
)
def test_twin_has_the_fault_of_the_shop(text: str, fault: Fault) -> None:
    """What the shop would do to a call, the twin does to it."""
    assert fault_from(text) == fault


@pytest.mark.parametrize(
    "text",
    ["", "fire", "reset", "product:hang", "slow,jitter_s=0.1", "slow,rate=0.5", "error,status=404", "hang,rate=2"],
)
def test_rejects_a_fault_that_the_twin_does_not_know(text: str) -> None:
    """One line says what there is."""
    with pytest.raises(UsageError) as refused:
        fault_from(text)
    assert str(refused.value).startswith("argument --fault: ")
    assert "\n" not in str(refused.value)
