"""The load: people at a gateway, or a schedule of arrivals, made by Locust in processes of their own."""
