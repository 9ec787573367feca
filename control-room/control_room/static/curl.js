// Each lever as the curl line that does the same. These addresses are those that a user of this machine would type.

/** @import { Facts, GatewayName, Order } from "../../picture.d.ts" */

/** @type {GatewayName[]} */
const BOTH = ["v1", "v2"];

/**
 * Return the shell line, or lines, that do what an order does.
 * @param {Order} order
 * @param {Facts} facts
 * @returns {string}
 */
export function curlOf(order, { urls, spawn_rate }) {
  const { action, body } = order;
  switch (action) {
    case "fault":
      return addressesOf(order.service, urls)
        .map((url) => `curl -X PUT ${url}/faults -d '${JSON.stringify(body)}'`)
        .join("\n");
    case "heal":
      return ["recommendations", "product"]
        .flatMap((name) => addressesOf(name, urls))
        .map((url) => `curl -X DELETE ${url}/faults`)
        .join("\n");
    case "circuit":
      return `curl -X PUT ${urls.v2}/circuit-control -H "Authorization: Bearer $OPERATOR_TOKEN"` +
        ` -d '${JSON.stringify(body)}'`;
    case "load":
      return (body.gateway === "both" ? BOTH : [body.gateway])
        .map((name) => loadLine(urls[`load-${name}`], body.users, spawn_rate))
        .join("\n");
    case "try":
      return BOTH.map((name) => `curl ${urls[name]}/product-details/1`).join("\n");
  }
}

/**
 * Return where a service is: twice, where v2 has one of its own.
 * @param {string} name
 * @param {Record<string, string>} urls
 */
function addressesOf(name, urls) {
  return [urls[name], urls[`${name}-v2`]].filter(Boolean);
}

/**
 * @param {string} url
 * @param {number} users
 * @param {number} spawnRate
 */
function loadLine(url, users, spawnRate) {
  return users
    ? `curl -X POST ${url}/swarm -d user_count=${users} -d spawn_rate=${spawnRate}`
    : `curl -X POST ${url}/stop`;
}
