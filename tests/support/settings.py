"""The settings of every service, as documents and Compose name them."""

import api_gateway_v1.settings
import api_gateway_v2.settings
import control_room.settings
import product_service.settings
import recommendations_service.settings
from shopkit.settings import ServiceSettings

SETTINGS: dict[str, type[ServiceSettings]] = {
    "product-service": product_service.settings.Settings,
    "recommendations-service": recommendations_service.settings.Settings,
    "api-gateway-v1": api_gateway_v1.settings.Settings,
    "api-gateway-v2": api_gateway_v2.settings.Settings,
    "control-room": control_room.settings.Settings,
}


def variables_of(settings_class: type[ServiceSettings]) -> dict[str, str]:
    """Return name and default of every setting, as the documents write them."""
    shown = {}
    for name, field in settings_class.model_fields.items():
        default = str(field.get_default())
        if isinstance(field.default, bool):
            default = default.lower()
        shown[str(field.validation_alias or name.upper())] = default
    return shown
