import { type Check, error, ok } from "../finding.js";

/** Whether Redis has, or takes, the scripts of this version. */
export const scripts: Check = {
  name: "scripts",
  needs: ["redis"],
  async run({ redis }) {
    const inspector = redis.inspector();
    const { loaded, all } = await inspector.scripts();
    try {
      await inspector.loadScripts();
    } catch (thrown) {
      const why = thrown instanceof Error ? thrown.message : String(thrown);
      const means = "Nothing can be enqueued into Redis queues or claimed from them.";
      return [error(`Redis does not take our scripts: ${why}`, means, "Allow the user EVALSHA, EVAL and SCRIPT.")];
    }
    return [ok(`${loaded} of the ${all} scripts of this version were loaded, and it takes the others`)];
  },
};
