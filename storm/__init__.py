"""`run_demo.py storm`: an outage that stays after its cause has gone, on real servers, and the way out.

plan: how much load, which trigger, how long. ladder: the rungs side by side, and what each leaves unsolved. trigger:
what happens to every dependency. dependency: what each has counted, second by second. storm_run: all rungs through one
storm. sample: what one rung did. hysteresis: the load up and down again, and what it leaves behind. claims: what all
must show. model: storm.json. run: the command. terminal, table, page: the results for people. limits: the shortest
stall that is lethal and the largest load that recovers, measured and, by simulated, as a model has it.
"""
