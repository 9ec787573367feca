"""The healthy but busy shop: one gateway after the other gets as many requests as it can answer.

Nothing is sick. A protection that makes calls wait for each other shows itself here, and only here.
"""

from collections.abc import Sequence
from pathlib import Path

from benchmarks.processes import running
from benchmarks.traffic import planned_traffic
from benchmarks.under_test.lane import Lane, Lanes
from benchmarks.under_test.registry import GatewayUnderTest
from experiment.measure.rows import rows_of
from experiment.phases import Phase
from experiment.plan import Closed, Plan
from experiment.run.timeline import Story, Switch
from matrix.model import Sample
from matrix.rows import Row
from matrix.sample import Readings, sample_of

CONNECTIONS = 32
DELAY_S = 0.2  # of recommendations: so slow that the answers are limited by it, and not by this machine's processors
PAUSE_S = (0.0, 0.1)  # so that visitors do not come all at once, again and again
WARM_UP_S = 1.0
LASTS_S = 3.0


def busy_run(row: Row, gateways: Sequence[GatewayUnderTest], seed: int, logs: Path) -> dict[str, Sample]:
    """Make the run; return what each gateway did, by name.

    Raises:
        EnvironmentProblem: a service or the load fails.
    """
    lanes = Lanes(gateways, of_product=row.of_product)
    with running(lanes.servers, logs):
        lanes.put({"kind": "slow", "delay_s": DELAY_S})
        return {lane.gateway.name: _sample(lane, seed, logs) for lane in lanes.lanes}


def _sample(lane: Lane, seed: int, logs: Path) -> Sample:
    whole_s = WARM_UP_S + LASTS_S
    plan = Plan({Phase.HEALTHY: whole_s}, Closed(CONNECTIONS, pause_s=PAUSE_S), seed, only="product-details")
    with planned_traffic(lane.server.url, plan, logs) as load:
        load.wait_for_end(patience_s=1.0)
        ends_s = load.clock.now_s()
    story = Story(Switch(WARM_UP_S, WARM_UP_S), Switch(whole_s, whole_s), load_ends_s=whole_s, ends_s=ends_s)
    requests = load.generator.log.requests.values()
    rows = rows_of(requests, lane.gateway.name, load.clock, story, open_load=False)
    asked = [row for row in rows if row.phase is not Phase.RECOVERY]
    sample = sample_of(seed, asked, story, Readings(None, None, None))
    return sample.model_copy(update={"protected_after_s": None, "recovered_after_s": None})  # there is nothing to note
