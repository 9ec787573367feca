"""What the unit tests share."""

import hypothesis
import pytest
from flask import Flask
from flask.testing import FlaskClient

from api_gateway_v1.settings import Settings as GatewayV1Settings
from api_gateway_v2.settings import Settings as GatewayV2Settings
from control_room.settings import Settings as ControlRoomSettings
from product_service.settings import Settings as ProductServiceSettings
from recommendations_service.settings import Settings as RecommendationsServiceSettings

hypothesis.settings.register_profile("busy", hypothesis.settings(), deadline=None)  # or a busy machine fails examples
hypothesis.settings.load_profile("busy")


@pytest.fixture(autouse=True)
def _only_our_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hide the settings that happen to be in the environment of whoever runs the tests."""
    for settings in (
        ProductServiceSettings,
        RecommendationsServiceSettings,
        GatewayV1Settings,
        GatewayV2Settings,
        ControlRoomSettings,
    ):
        for name, field in settings.model_fields.items():
            monkeypatch.delenv(name.upper(), raising=False)
            monkeypatch.delenv(str(field.validation_alias), raising=False)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Return a client of the application that the test module's fixture `app` builds."""
    return app.test_client()
