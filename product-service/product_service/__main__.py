from product_service.app import create_app
from product_service.settings import Settings
from shopkit.server import serve

serve("product-service", create_app, Settings, control_paths=("/faults", "/health", "/ready", "/metrics"))
