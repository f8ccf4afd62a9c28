/** The transitions of a job's status, drawn from the data that the brokers go by. */
import { finalStatuses, liveStatuses, transitions } from "../../packages/core/dist/index.js";

/** The verbs over each pair of statuses, as a Mermaid diagram. */
export function statusDiagram() {
  const arrows = transitions.flatMap(({ from, verb, to }) =>
    from.flatMap((one) => to.map((next) => [one, next, verb])),
  );
  const lines = arrows.map(
    ([one, next, verb]) => `  ${one} --> ${next}: ${verb}${one === next ? " (the lease lapsed)" : ""}`,
  );
  return ["```mermaid", "stateDiagram-v2", "  [*] --> queued: enqueue", ...lines, "```"].join("\n");
}

/** A row for each status, with what every verb makes of it. */
export function statusTable() {
  const verbs = transitions.map(({ verb }) => verb);
  const head = ["status", "", ...verbs];
  const rows = [...liveStatuses, ...finalStatuses].map((status) => [
    `\`${status}\``,
    liveStatuses.includes(status) ? "live" : "final",
    ...transitions.map(({ from, to }) => (from.includes(status) ? to.map((next) => `\`${next}\``).join(", ") : "")),
  ]);
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
