from recommendations_service.app import create_app
from recommendations_service.settings import Settings
from shopkit.server import serve

serve("recommendations-service", create_app, Settings, control_paths=("/faults", "/health", "/ready", "/metrics"))
