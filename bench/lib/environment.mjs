import { availableParallelism, cpus, loadavg, totalmem } from "node:os";
import { loadPeer, peerNames } from "../peers/index.mjs";

export function describeMachine() {
  const [{ model }] = cpus();
  const cores = availableParallelism();
  const memory = `${Math.round(totalmem() / 2 ** 30)} GB`;
  return { cores, model, memory, load: loadavg()[0].toFixed(2), node: process.version, platform: process.platform };
}

export async function describeVersions(services, which) {
  const peers = await Promise.all(peerNames(which).map(loadPeer));
  return Object.assign({}, services.versions, ...peers.map((peer) => peer.versions()));
}
