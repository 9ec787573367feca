"""What the dependency of one lane has counted, read every second."""

from collections.abc import Mapping

from experiment.measure.series import Counter
from experiment.run.timeline import Clock
from shopkit.direct import direct_session
from shopkit.metrics_reader import Metrics
from shopkit.poller import PATIENCE_S, Poller, Sample

EVERY_S = 1.0
LATE_S = 0.5  # an answer that takes longer is from a later moment than that of the question
CALLS, USEFUL, USELESS, REFUSED, WAITING = "calls", "useful", "useless", "refused", "waiting"
COUNTERS = (CALLS, USEFUL, USELESS, REFUSED)  # these only rise

Reading = dict[str, int]


class Watched:
    """A dependency that is asked every second; one that was started again goes on where it was."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._last: Reading = {}  # of this process
        self._before: Reading = dict.fromkeys(COUNTERS, 0)  # by the processes before it
        self.poller: Poller[Reading] = Poller(self._look, every_s=EVERY_S)

    def take(self, read: Mapping[str, int]) -> Reading:
        """Return what is counted in all, with this reading."""
        if any(read[what] < self._last.get(what, 0) for what in COUNTERS):
            self._before = {what: self._before[what] + self._last[what] for what in COUNTERS}
        self._last = dict(read)
        return {what: count + self._before.get(what, 0) for what, count in read.items()}

    def counted(self, clock: Clock) -> dict[str, Counter]:
        """Return each of the counts over time."""
        prompt = [sample for sample in self.poller.samples if _is_prompt(sample)]
        return {what: Counter.of(prompt, what, clock) for what in (*COUNTERS, WAITING)}

    def _look(self) -> Reading:
        with direct_session() as session:
            answer = session.get(f"{self._url}/metrics", timeout=PATIENCE_S)
        metrics = Metrics(answer.text, only=("recommendations_",))
        work = "recommendations_work_total"
        return self.take(
            {
                CALLS: round(metrics.total("recommendations_calls_total")),
                USEFUL: round(metrics.total(work, awaited="yes")),
                USELESS: round(metrics.total(work, awaited="no")),
                REFUSED: round(metrics.total("recommendations_refused_calls_total")),
                WAITING: round(metrics.total("recommendations_waiting_calls")),
            }
        )


def _is_prompt(sample: Sample[Reading]) -> bool:
    return sample.answered_at is not None and sample.answered_at - sample.asked_at <= LATE_S
