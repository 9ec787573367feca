"""The manifests of deploy/kubernetes, as kustomize renders them."""

import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from support.demo import ROOT
from support.missing import missing

KUBERNETES = ROOT / "deploy" / "kubernetes"
# As docs/deploying.md has them.
RENDER = "kubectl kustomize deploy/kubernetes/experiment"
NEED_A_CLUSTER = (  # which no machine of the tests has
    "kubectl apply --kustomize deploy/kubernetes/experiment",
    "kubectl --namespace shop wait --for=condition=Available --timeout=2m deployment --all",
    "kubectl apply --kustomize deploy/kubernetes/load",
    "kubectl --namespace shop logs --follow job/load",
    "kubectl delete --kustomize deploy/kubernetes/load",
    "kubectl --namespace shop port-forward service/api-gateway-v2 8090:8090",
    "kubectl --namespace shop rollout restart deployment/api-gateway-v2",
    "kubectl --namespace shop rollout status deployment/api-gateway-v2",
    "kubectl delete --kustomize deploy/kubernetes/experiment",
)


@cache
def rendered(kustomization: Path) -> list[dict[str, Any]]:
    """Return the resources of a kustomization; kubectl contains kustomize, and asks no cluster for this."""
    if not shutil.which("kubectl"):
        missing("kubectl")
    command = ["kubectl", "kustomize", str(kustomization)]
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603 - our own files
    return list(yaml.safe_load_all(out))


def resources() -> dict[tuple[str, str], dict[str, Any]]:
    """Return everything that there is, by kind and name."""
    found = [*rendered(KUBERNETES / "experiment"), *rendered(KUBERNETES / "load")]
    return {(resource["kind"], resource["metadata"]["name"]): resource for resource in found}


def of_kind(*kinds: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield name and specification of the resources of these kinds."""
    for (kind, name), resource in resources().items():
        if kind in kinds:
            yield name, resource["spec"]


def pods() -> dict[str, dict[str, Any]]:
    """Return the specification of every kind of pod, by the name of what starts it."""
    return {name: spec["template"]["spec"] for name, spec in of_kind("Deployment", "Job")}


def containers() -> dict[str, dict[str, Any]]:
    """Return the only container of every kind of pod."""
    found = {}
    for name, pod in pods().items():
        (found[name],) = pod["containers"]
    return found


def environment_of(pod: str) -> dict[str, str]:
    """Return what the manifest of a pod tells its container."""
    return {entry["name"]: entry["value"] for entry in containers()[pod]["env"]}
