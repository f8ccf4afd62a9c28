import type { QueueMode } from "@tandemq/core";
import { createDeployment, loadConfig, type UserConfig } from "tandemq";
import { mongoUrl, redisUrl } from "../../support/stores.js";
import { unique } from "../../support/unique.js";
import { shapes } from "../shapes.js";
import type { Subject } from "../subject.js";
import { dropDatabase } from "./mongo.js";

/** The broker of a mode as users get it: composed by their configuration. */
export function modeSubject(mode: QueueMode, stores: "both stores" | "redis alone" = "both stores"): Subject {
  const knowsEnded = { regular: "at enqueue", raw: "at claim", "no-storage": "never" } as const;
  const keepsSuccesses = mode !== "no-storage";
  return {
    name: `${mode} queues on ${stores}`,
    keepsSuccesses,
    keepsFailures: true,
    countsFinished: true,
    knowsEnded: stores === "both stores" ? knowsEnded[mode] : "at enqueue",
    kinds: mode !== "regular",
    longLine: 20_000,
    async open() {
      const mongo = stores === "both stores" ? mongoUrl(unique("tq")) : undefined;
      const common = { redis: redisUrl(), prefix: unique("tq"), queues: { "*": mode, ...shaped(mode) } };
      const config = mongo ? { ...common, mongo } : common;
      const first = await openDeployment(config);
      const second = await openDeployment(config);
      const close = async () => {
        await Promise.all([first.deployment.close(), second.deployment.close()]);
        if (mongo) await dropDatabase(mongo);
      };
      return { broker: first.broker, other: second.broker, close };
    },
  };
}

function shaped(mode: QueueMode) {
  const kinds = Object.entries(shapes).filter(([, { kind }]) => kind === "fifo" || mode !== "regular");
  return Object.fromEntries(kinds.map(([name, shape]) => [`${name}-*`, { mode, ...shape }]));
}

async function openDeployment(options: UserConfig) {
  const { config } = await loadConfig({ config: options, env: {} });
  const deployment = createDeployment(config);
  await deployment.start();
  return { deployment, broker: (await deployment.route("any")).broker };
}
