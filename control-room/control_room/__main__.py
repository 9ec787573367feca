from control_room.app import create_app
from control_room.settings import Settings
from shopkit.server import serve

serve("control-room", create_app, Settings)
