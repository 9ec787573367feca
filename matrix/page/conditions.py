"""How the matrix was measured, as the page lists it."""

from matrix.model import Matrix
from report.quantities import number, seconds, share


def conditions(matrix: Matrix) -> dict[str, str]:
    """Return what was asked for, and of which machine."""
    asked, host = matrix.conditions, matrix.host
    more = f", up to {asked.more_seeds} more while a verdict is not decided" if asked.more_seeds else ""
    phases = (("well", asked.well_s), ("sick", asked.fault_s), ("well again", asked.recovery_s))
    return {
        "load": f"{number(asked.arrival_rate_per_s)} requests/s at each gateway, "
        f"{share(asked.catalogue_share)} of them for the catalogue",
        "phases": ", ".join(f"{name} {seconds(length_s)}" for name, length_s in phases),
        "runs": f"{asked.seeds} of each cell{more}",
        "busy": f"nothing sick; {asked.busy_connections} visitors who hardly pause, at one gateway after the other; "
        f"recommendations take {seconds(asked.busy_delay_s)}; counted are pages with recommendations, by those of v1",
        "started": f"{matrix.started_at:%Y-%m-%d %H:%M} UTC",
        "machine": f"{host.cpus} CPUs, {host.system}, Python {host.python}",
    }
