"""The load, made by Locust. The load image holds this package and locustfile.py.

visits: what visitors look at, and when. locustfile.py: the closed load. arrivals: the open one. options: what both can
be told. run: when a load begins and ends. request: one request. request_log: the record of all of them. web_access: who
may use Locust's page.
"""
