from api_gateway_v2.app import create_app
from api_gateway_v2.settings import Settings
from shopkit.server import serve

serve("api-gateway-v2", create_app, Settings)
