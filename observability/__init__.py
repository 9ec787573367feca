"""What Prometheus and Grafana are told, and the dashboard's generator."""
