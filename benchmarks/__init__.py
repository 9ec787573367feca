"""What the guard of api-gateway-v2 costs and does, beside its peers: `python -m benchmarks [--quick]`."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# Each service's package is in a folder of its own, whose name no import statement can spell.
SERVICE_FOLDERS = [
    str(ROOT / name) for name in ("product-service", "recommendations-service", "api-gateway-v1", "api-gateway-v2")
]
sys.path += [folder for folder in SERVICE_FOLDERS if folder not in sys.path]
