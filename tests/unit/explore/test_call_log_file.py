"""The file of a log of calls, and the traffic that it shows."""

import gzip
from pathlib import Path

import pytest

from experiment.errors import UsageError
from explore import call_log, call_log_file
from explore.call_log import CallLog, CallOutcome
from explore.call_log_file import read_call_log

HEADER = "start,duration,status\n"
LONGEST_ID = 90
WELL = "1,0.1,200\n2,0.1,200\n"


def read(folder: Path, content: str | bytes) -> CallLog:
    """Return the log that a file with this content holds."""
    path = folder / "calls.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_call_log(path)


def test_log_shows_rate_latency_and_errors(tmp_path: Path) -> None:
    """The latency is that of successes, and a request that was at fault is no error of the dependency."""
    traffic = read(tmp_path, f"{HEADER}10,0.2,200\n11,0.4,304\n12,9,503\n13,0.001,404\n14,0.3,200\n").traffic()
    assert traffic.rate_per_s == 1.0
    assert traffic.error_share == 0.2
    assert [traffic.latency.quantile_s(share) for share in (0.0, 0.5, 1.0)] == pytest.approx([0.2, 0.3, 0.4])


def test_latency_of_a_long_log_is_thinned_evenly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The shortest, the median and the longest duration stay, and none is 0, as a log may round it."""
    monkeypatch.setattr(call_log, "MOST_RECORDED", 3)
    latency = read(tmp_path, HEADER + "".join(f"{at},{at},200\n" for at in range(101))).traffic().latency
    assert [latency.quantile_s(share) for share in (0.3, 0.6, 0.9)] == pytest.approx([call_log.SHORTEST_S, 50, 100])


def test_calls_are_put_in_the_order_of_their_starts(tmp_path: Path) -> None:
    """An access log is in the order of the ends."""
    log = read(tmp_path, f"{HEADER}102.5,0.1,200\n100,3,500\n101,0.2,404\n")
    assert log.starts_s.tolist() == [0.0, 1.0, 2.5]
    assert log.durations_s.tolist() == pytest.approx([3, 0.2, 0.1])
    assert log.outcomes.tolist() == [CallOutcome.FAILED, CallOutcome.REJECTED, CallOutcome.SUCCESS]


@pytest.mark.parametrize("status", ["500", "599", "408", "429", "499", "0", "000", "-", ""])
def test_call_counts_as_failed_as_the_guard_counts(status: str, tmp_path: Path) -> None:
    """Its status blames the dependency, or there is none."""
    assert read(tmp_path, f"{HEADER}1,1,{status}\n2,1,200\n").outcomes[0] == CallOutcome.FAILED


@pytest.mark.parametrize(
    "content",
    [
        "\ufeffTimestamp;Latency_MS;Code\r\n1970-01-01T00:00:01Z;250;200\r\n\r\n1970-01-01T01:00:02+01:00;500;204\r\n",
        "host\ttime\trequest_time\tstatus\nä\t1\t0.25\t200\nb\t2\t0.5\t200",
        'start_ms, duration_s, url, status\n1000, 0.25, "/a,b", 200\n2000, 0.5, "/\n", 200\n',
        "start,duration,status,agent\n1970-01-01 00:00:01,.25,200,\xe4\n1970-01-01 00:00:02,.5,200,\xe4\n".encode(
            "latin-1"
        ),
    ],
    ids=["semicolons, BOM, ISO 8601", "tabs", "quotes, milliseconds", "no UTF-8 where it does not count"],
)
def test_log_may_be_written_in_many_ways(content: str | bytes, tmp_path: Path) -> None:
    """Headers, units, times, separators and further columns are as the writer likes them."""
    log = read(tmp_path, content)
    assert log.starts_s.tolist() == [0.0, 1.0]
    assert log.durations_s.tolist() == [0.25, 0.5]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (f"{HEADER}{WELL}3,-0.1,200\n", ", line 4: duration is '-0.1'; expected seconds from 0 to 86400"),
        (f'{HEADER}{WELL}\n"3",nan,200\n', ", line 5: duration is 'nan'; expected seconds"),
        ("start,duration_ms,status\n1,x,200\n", ", line 2: duration_ms is 'x'; expected milliseconds"),
        (f"{HEADER}yesterday,1,200\n", ", line 2: start is 'yesterday'; expected seconds since 1970"),
        (f"{HEADER}1700000000000,1,200\n", ", line 2: start is '1700000000000'; expected seconds since 1970"),
        (f"{HEADER}1,1,OK\n", ", line 2: status is 'OK'; expected an HTTP status from 200 to 599"),
        (f"{HEADER}1,1\n", ", line 2: the number of columns is 2; expected 3, as in the header"),
        (f'{HEADER}{WELL}"{"x" * 200_000}', ", line 4: field larger than field limit"),
        ("a,b\n1,2\n", ", line 1: the columns are 'a, b'; expected start or timestamp or time, duration"),
        ("", ", line 1: the columns are ''; expected start"),
        ("x" * 1_000_000, "...'; expected start"),
        (HEADER, " has too few calls for a rate: 0; expected two or more"),
        (f"{HEADER}1,1,200\n", " has too few calls for a rate: 1; expected two or more"),
        (f"{HEADER}1,1,200\n1,1,200\n", " shows no rate: its 2 calls start at one moment; expected several"),
        (f"{HEADER}1,1,500\n2,1,404\n", ": none of its 2 calls succeeded; expected some that did"),
        (gzip.compress(HEADER.encode(), mtime=0), " is compressed: unpack it first, with gunzip"),
        (b"\x7fELF\0\0", " is not a CSV file: it is not text in UTF-8"),
        (HEADER.encode("utf-16"), " is not a CSV file: it is not text in UTF-8"),
    ],
    ids=lambda value: value[:50] if isinstance(value, str) and len(value) < LONGEST_ID else "file",
)
def test_other_files_get_one_line(content: str | bytes, says: str, tmp_path: Path) -> None:
    """The line names the file, where something is wrong, what is there, and what is expected."""
    with pytest.raises(UsageError) as error:
        read(tmp_path, content)
    assert str(error.value).startswith(str(tmp_path / "calls.csv"))
    assert says in str(error.value)
    assert len(str(error.value).removeprefix(str(tmp_path)).splitlines()) == 1
    assert len(str(error.value).removeprefix(str(tmp_path))) < 250


def test_file_that_cannot_be_read_gets_one_line(tmp_path: Path) -> None:
    """It may be missing, or a folder."""
    with pytest.raises(UsageError, match=r"cannot read .*nothing\.csv: No such file"):
        read_call_log(tmp_path / "nothing.csv")
    with pytest.raises(UsageError, match=r"cannot read .*: Is a directory"):
        read_call_log(tmp_path)


def test_more_calls_than_fit_into_the_memory_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading ends at the first call too many."""
    monkeypatch.setattr(call_log_file, "MOST_CALLS", 2)
    assert len(read(tmp_path, HEADER + WELL).starts_s) == 2
    with pytest.raises(UsageError, match="line 4: the log goes on; expected at most 2 calls"):
        read(tmp_path, f"{HEADER}{WELL}3,1,200\n")
