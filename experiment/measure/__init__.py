"""From what a run recorded to its report: assemble.py puts it together, and each number comes from one file.

conditions.py    what was asked for: load, fault, the guard's settings
replicas.py      each replica's part, where v2 is several
rows.py          every request, on the clock of the run
circuit.py       the circuit's states, and the time spent in each
gateway.py       one gateway's results, phase by phase, from the next five:
  summary.py       accounts, goodput and latency of a set of requests
  series.py        the same second by second; calls and busy threads
  reaction.py      how long protection and recovery took
  fault_window.py  requests before, in and after the fault
  expected.py      the ceiling of a closed load
checks.py        each count that was made twice, compared
claims.py        the claims: each one's measurement, threshold and verdict
warnings.py      what may make the run say less than it seems to
"""
