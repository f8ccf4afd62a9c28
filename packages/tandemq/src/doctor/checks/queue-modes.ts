import { ruleOf } from "../../config/queue-rules.js";
import type { DoctorContext } from "../context.js";
import { type Check, error, type Finding, ok, warning } from "../finding.js";

/** Whether the configuration and the stores agree about each queue's mode. */
export const queueModes: Check = {
  name: "queue-modes",
  needs: [],
  async run(context) {
    const findings = [...(await againstConfig(context)), ...(await betweenStores(context))];
    return findings.length > 0 ? findings : [ok("stores and configuration agree about the mode of every queue")];
  },
};

async function againstConfig({ config, stores }: DoctorContext): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { name, mode, kind } of await stores.registry.queues()) {
    const rule = ruleOf(config.queues, name);
    if (!rule) findings.push(unconfigured(name, mode));
    else if (rule.mode !== mode || rule.kind !== kind)
      findings.push(disagreement(name, `${mode}/${kind}`, `${rule.mode}/${rule.kind}`));
  }
  return findings;
}

async function betweenStores({ stores: { mongo, redis } }: DoctorContext): Promise<Finding[]> {
  if (!mongo || !redis) return [];
  const [inMongo, inRedis] = await Promise.all([mongo.registry().queues(), redis.registry().queues()]);
  const modes = new Map(inRedis.map(({ name, mode }) => [name, mode]));
  const differ = inMongo.filter(({ name, mode }) => modes.has(name) && modes.get(name) !== mode);
  return differ.map(({ name, mode }) =>
    error(
      `queue ${name} is ${mode} in MongoDB and ${modes.get(name)} in Redis`,
      "Programs that share only one of the stores work on different queues of the same name.",
      `Choose one: finish or purge the jobs of the other, then \`tandemq queues forget ${name}\`.`,
    ),
  );
}

function unconfigured(name: string, mode: string): Finding {
  return warning(
    `queue ${name} (${mode}) is recorded in the stores and not configured here`,
    "Programs with this configuration neither see nor serve it; another application may use it.",
    `Configure it (\`queues: { "${name}": "${mode}" }\`), or forget it with \`tandemq queues forget ${name}\`.`,
  );
}

function disagreement(name: string, recorded: string, configured: string): Finding {
  return error(
    `queue ${name} is recorded as ${recorded} and configured as ${configured}`,
    "Clients and workers with this configuration refuse the queue, so that they do not work on an empty one.",
    `Configure it as ${recorded}, or take its jobs along with \`tandemq queues migrate ${name}\`.`,
  );
}
