"""The load, made by Locust: visitors or a schedule of arrivals. The load image holds this package and locustfile.py."""
