"""`run_demo.py matrix`: which protection helps against which fault, measured: gateways under test x faults.

rows: the faults. plan: how much to measure. fault_run: all gateways through
one fault. busy_run: the healthy but busy shop. sample: one gateway in one run. cells, verdicts: better or worse than no
protection. claims: what it must show. best: where the whole guard is not the best. findings: all of it in sentences.
advice: three questions that lead to a rung. model: matrix.json. measurement, progress, run: the command. page,
terminal, table, compare: the results for people.
"""
