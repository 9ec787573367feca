// Each lever as the curl line that does the same. These addresses are those that a user of this machine would type.

export function curlOf({ action, body }, { urls, spawn_rate: spawnRate }) {
  switch (action) {
    case "fault": return `curl -X PUT ${urls.recommendations}/faults -d '${JSON.stringify(body)}'`;
    case "heal": return `curl -X DELETE ${urls.recommendations}/faults`;
    case "circuit":
      return `curl -X PUT ${urls.v2}/circuit-control -H "Authorization: Bearer $OPERATOR_TOKEN" -d '${JSON.stringify(body)}'`;
    case "load": return gatewaysOf(body).map((name) => loadLine(urls[`load-${name}`], body.users, spawnRate)).join("\n");
    default: return ["v1", "v2"].map((name) => `curl ${urls[name]}/product-details/1`).join("\n");
  }
}

const gatewaysOf = ({ gateway }) => (gateway === "both" ? ["v1", "v2"] : [gateway]);

function loadLine(url, users, spawnRate) {
  return users ? `curl -X POST ${url}/swarm -d user_count=${users} -d spawn_rate=${spawnRate}` : `curl -X POST ${url}/stop`;
}
