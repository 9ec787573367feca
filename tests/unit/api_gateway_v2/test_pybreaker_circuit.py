"""The adapter to pybreaker."""

from itertools import permutations

import pytest

from api_gateway_v2.pybreaker_circuit import PybreakerCircuit
from api_gateway_v2.transitions import State


def test_starts_closed() -> None:
    """A new circuit is CLOSED."""
    assert PybreakerCircuit().state is State.CLOSED


@pytest.mark.parametrize(("first", "second"), list(permutations(State, 2)))
def test_moves_from_any_state_to_any_other(first: State, second: State) -> None:
    """Every move ends in the state that was asked for, in pybreaker too."""
    circuit = PybreakerCircuit()
    circuit.move(first)

    assert circuit.move(second) is second
    assert circuit.state is second
    assert circuit._circuit.current_state.upper() == second
