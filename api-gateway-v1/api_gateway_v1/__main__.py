from api_gateway_v1.app import create_app
from api_gateway_v1.settings import Settings
from shopkit.server import serve

serve("api-gateway-v1", create_app, Settings)
