"""Reads what GET /metrics of a service answers."""

from collections.abc import Iterable, Sequence
from typing import Self

from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample


class Metrics:
    """One reading of a service's /metrics."""

    def __init__(self, text: str, only: tuple[str, ...] = ()) -> None:
        """`only` names the metrics to read; parsing the others costs a caller who asks often too much time.

        Raises:
            ValueError: the text is not in Prometheus' format.
        """
        if only:
            text = "".join(f"{line}\n" for line in text.splitlines() if line.startswith(only))
        self._samples: dict[str, list[Sample]] = {}
        for family in text_string_to_metric_families(text):
            for sample in family.samples:
                self._samples.setdefault(sample.name, []).append(sample)

    @classmethod
    def together(cls, readings: Iterable["Metrics"]) -> Self:
        """Return the readings of several servers as one, whose totals are those of all of them."""
        together = cls("")
        for reading in readings:
            for name in reading.names:
                together._samples.setdefault(name, []).extend(reading.samples(name))
        return together

    @property
    def names(self) -> Iterable[str]:
        """The names of the samples."""
        return self._samples

    def samples(self, name: str) -> Sequence[Sample]:
        """Return the samples with this name, one for each set of labels."""
        return self._samples.get(name, ())

    def total(self, name: str, **labels: str) -> float:
        """Return the sum of the samples with this name and these labels; 0 if there are none."""
        return sum(sample.value for sample in self.samples(name) if labels.items() <= sample.labels.items())
