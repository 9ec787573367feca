"""The stylesheet, which is part of every page: a page needs no second request to a gateway that may be stuck."""

import base64
import hashlib
from pathlib import Path

from markupsafe import Markup

STYLE = Markup(Path(__file__).with_name("style.css").read_text(encoding="utf-8"))  # noqa: S704 - our own file
SOURCE = f"'sha256-{base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()}'"  # for the security policy
