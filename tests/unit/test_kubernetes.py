"""deploy/kubernetes, held against the schemas of Kubernetes, docker-compose.yml and the services' settings."""

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from support.demo import ROOT
from support.kubernetes import KUBERNETES, containers, environment_of, of_kind, pods, rendered, resources
from support.settings import SETTINGS, variables_of

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["services"]
IN_COMPOSE = {"load": "load-v2", "load-worker": "load-v2"}
GATEWAYS = ("api-gateway-v1", "api-gateway-v2")
OVERLAY = ("shop", "experiment")
BEHIND = ("product-service", "recommendations-service")


@pytest.mark.parametrize("version", ["1.30", "1.37"])
def test_every_manifest_is_valid(version: str) -> None:
    """Kubernetes knows every field, and every field has a value that its schema allows."""
    for resource in resources().values():
        kubernetes_validate.validate(resource, version, strict=True)


def test_overlay_changes_recommendations_alone() -> None:
    """The base is the same shop without the fault, and has the images under their own names."""
    (base, sick) = ({(one["kind"], one["metadata"]["name"]): one for one in rendered(KUBERNETES / k)} for k in OVERLAY)

    changed = {key for key in base if without_tags(base[key]) != without_tags(sick[key])}
    assert changed == {("Deployment", "recommendations-service")}
    assert set(base) == set(sick)


def without_tags(resource: dict[str, Any]) -> str:
    """Return a resource with the names of images as the base has them."""
    return json.dumps(resource).replace(":latest", "")


def test_schemas_know_a_misspelt_field() -> None:
    """The test above would fail for a field that does not exist."""
    deployment = resources()["Deployment", "api-gateway-v2"]
    with pytest.raises(kubernetes_validate.ValidationError, match="replica"):
        kubernetes_validate.validate({**deployment, "spec": {**deployment["spec"], "replica": 3}}, "1.37", strict=True)


def test_pods_are_restricted() -> None:
    """Every pod meets the Pod Security Standard "restricted", which the namespace enforces, and has no token."""
    namespace = resources()["Namespace", "shop"]
    assert namespace["metadata"]["labels"] == {"pod-security.kubernetes.io/enforce": "restricted"}
    user = re.search(r"^USER (\d+):(\d+)$", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
    assert user
    for pod in pods().values():
        assert pod["securityContext"] == {
            "runAsNonRoot": True,
            "runAsUser": int(user[1]),
            "runAsGroup": int(user[2]),
            "seccompProfile": {"type": "RuntimeDefault"},
        }
        assert not {"hostNetwork", "hostPID", "hostIPC", "initContainers"} & set(pod)
        assert [set(volume) - {"name"} for volume in pod["volumes"]] == [{"emptyDir"}]
        assert pod["automountServiceAccountToken"] is False
    for container in containers().values():
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }


def test_no_pod_gets_the_addresses_of_others_as_settings() -> None:
    """Kubernetes would set API_GATEWAY_V2_PORT to an address, which the service rejects as a port."""
    assert [name for name, pod in pods().items() if pod["enableServiceLinks"] is not False] == []


def test_runs_what_compose_builds_within_its_limits() -> None:
    """Each pod has the image of Compose, its port, its memory and its processor."""
    for name, container in containers().items():
        in_compose = IN_COMPOSE.get(name, name)
        assert container["image"] == f"shop-{in_compose}:latest"
        limits = {"memory": f"{COMPOSE[in_compose]['mem_limit']}i".replace("mi", "Mi"), "cpu": "1"}
        assert container["resources"]["limits"] == limits
        assert COMPOSE[in_compose]["cpus"] == 1
        if name in SETTINGS:
            assert {"name": "http", "containerPort": port_of(name)} in container["ports"]


def test_services_have_the_ports_that_others_call() -> None:
    """Each service is found at the name and port that Compose gives it."""
    found = {name: spec["ports"][0]["port"] for name, spec in of_kind("Service") if name in SETTINGS}

    assert found == {name: port_of(name) for name in (*GATEWAYS, *BEHIND)}


def port_of(service: str) -> int:
    """Return the port of a service in its container, as Compose has it."""
    return int(COMPOSE[service]["ports"][0].rpartition(":")[2])


def test_settings_are_those_of_compose() -> None:
    """The gateways find their services as in Compose, and recommendations hang from the start."""
    data = next(data for name, data in config_maps().items() if name.startswith("gateways"))
    environment = COMPOSE["api-gateway-v1"]["environment"]

    assert data == {name: environment[name] for name in ("PRODUCT_SERVICE_URL", "RECOMMENDATIONS_SERVICE_URL")}
    assert environment_of("recommendations-service")["SIMULATE_FAILURE"] == "true"


def config_maps() -> dict[str, dict[str, str]]:
    """Return the data of each ConfigMap; one without settings has none."""
    return {name: found.get("data", {}) for (kind, name), found in resources().items() if kind == "ConfigMap"}


def test_config_maps_reach_the_gateways() -> None:
    """Each gateway reads the settings of both, and v2 also its own, and its token where there is one."""
    (of_v2,), (of_both,) = (
        [n for n in config_maps() if n.startswith(start)] for start in ("api-gateway-v2", "gateways")
    )
    read = {name: containers()[name]["envFrom"] for name in GATEWAYS}

    assert read["api-gateway-v1"] == [{"configMapRef": {"name": of_both}}]
    assert read["api-gateway-v2"] == [
        {"configMapRef": {"name": of_both}},
        {"configMapRef": {"name": of_v2}},
        {"secretRef": {"name": "api-gateway-v2", "optional": True}},
    ]


@pytest.mark.parametrize("file", sorted((ROOT / "deploy").glob("**/*.env")), ids=lambda file: file.name)
def test_files_of_settings_name_only_settings(file: Path) -> None:
    """What a file sets, or gives as an example, is a setting of v2; the settings of both gateways are v1's as well."""
    named = set(re.findall(r"^(?:# )?([A-Z_]+)=", file.read_text(encoding="utf-8"), flags=re.MULTILINE))
    readers = GATEWAYS if file.stem == "gateways" else [file.stem]

    assert named
    assert all(named <= set(variables_of(SETTINGS[reader])) for reader in readers)


def test_probes() -> None:
    """A pod is restarted when it does not answer, and gets no requests while something that it needs is missing."""
    for name, _ in of_kind("Deployment"):
        container = containers()[name]
        asked = {kind: container[f"{kind}Probe"]["httpGet"] for kind in ("startup", "liveness", "readiness")}
        assert asked == {
            "startup": {"path": "/health", "port": "http"},
            "liveness": {"path": "/health", "port": "http"},
            "readiness": {"path": "/ready", "port": "http"},
        }


def test_update_takes_no_pod_away() -> None:
    """A new pod is ready before an old one goes, which serves on for a while, and then has its time to stop."""
    for name, spec in of_kind("Deployment"):
        assert spec["strategy"]["rollingUpdate"] == {"maxSurge": 1, "maxUnavailable": 0}
        command, serves_for_s = containers()[name]["lifecycle"]["preStop"]["exec"]["command"]
        stop_s = int(environment_of(name)["STOP_S"])
        assert command == "sleep"
        assert pods()[name]["terminationGracePeriodSeconds"] == int(serves_for_s) + stop_s + 2


def test_scaled_deployments_do_not_say_how_many() -> None:
    """v2 and the product service are scaled, lose one pod at a time to maintenance, and no manifest resets them."""
    scaled = {spec["scaleTargetRef"]["name"]: spec["minReplicas"] for _, spec in of_kind("HorizontalPodAutoscaler")}
    kept = {name: spec["maxUnavailable"] for name, spec in of_kind("PodDisruptionBudget")}
    fixed = {name: spec["replicas"] for name, spec in of_kind("Deployment") if "replicas" in spec}

    assert scaled == {"api-gateway-v2": 3, "product-service": 2}
    assert kept == dict.fromkeys(scaled, 1)
    assert fixed == {"api-gateway-v1": 1, "recommendations-service": 1}


def test_every_selector_finds_its_pods() -> None:
    """What selects pods by a label selects those of its own name."""
    labels = {name: spec["template"]["metadata"]["labels"] for name, spec in of_kind("Deployment", "Job")}
    selectors = {name: spec["selector"] for name, spec in of_kind("Service")}

    assert labels == {name: {"app": name} for name in labels}
    assert selectors == {name: {"app": name} for name in selectors}
    for name, spec in of_kind("Deployment", "PodDisruptionBudget"):
        assert spec["selector"] == {"matchLabels": {"app": name}}


def test_nobody_reaches_past_a_gateway() -> None:
    """As with the networks of Compose, the load reaches the gateways alone, and only they reach what is behind them."""
    reached = {(caller, called) for caller in pods() for called in pods() if may_call(caller, called)}

    assert reached == {
        ("load-worker", "load"),
        *(("load-worker", gateway) for gateway in GATEWAYS),
        *((gateway, service) for gateway in GATEWAYS for service in BEHIND),
    }
    assert [gateway for gateway in containers() if may_be_called_from_outside(gateway)] == list(GATEWAYS)


def may_call(caller: str, called: str) -> bool:
    """Return whether the network policies let one kind of pod connect to a port of another."""
    sent = [peer for rule in rules("egress", caller) for peer in rule.get("to", [{"podSelector": {}}])]
    taken = [peer for rule in rules("ingress", called) for peer in rule.get("from", [{"podSelector": {}}])]
    return names(sent, called) and names(taken, caller)


def may_be_called_from_outside(pod: str) -> bool:
    """Return whether a policy lets anybody connect."""
    return any("from" not in rule for rule in rules("ingress", pod))


def rules(direction: str, pod: str) -> list[dict[str, Any]]:
    """Return what the policies for a kind of pod allow; without such a policy, everything would be."""
    policies = [spec for _, spec in of_kind("NetworkPolicy") if selects(spec["podSelector"], pod)]
    assert any(direction.title() in spec["policyTypes"] for spec in policies)
    return [rule for spec in policies for rule in spec.get(direction, [])]


def names(peers: Iterable[dict[str, Any]], pod: str) -> bool:
    """Return whether a kind of pod in the same namespace is among the peers."""
    return any(selects(peer["podSelector"], pod) for peer in peers if "namespaceSelector" not in peer)


def selects(selector: dict[str, Any], pod: str) -> bool:
    """Return whether a selector of the label `app` selects a kind of pod."""
    wanted = [{"key": key, "values": [value]} for key, value in selector.get("matchLabels", {}).items()]
    return all(
        entry["key"] == "app" and pod in entry["values"] for entry in [*wanted, *selector.get("matchExpressions", [])]
    )


def test_load_expects_the_workers_that_there_are() -> None:
    """The master waits for as many workers as the other Job starts, and they find it."""
    jobs = dict(of_kind("Job"))
    master, worker = environment_of("load"), environment_of("load-worker")

    assert (
        int(master["LOCUST_EXPECT_WORKERS"]) == jobs["load-worker"]["parallelism"] == jobs["load-worker"]["completions"]
    )
    assert ("Service", worker["LOCUST_MASTER_NODE_HOST"]) in resources()
    assert master["LOCUST_HOST"] == COMPOSE["load-v2"]["environment"]["LOCUST_HOST"]
