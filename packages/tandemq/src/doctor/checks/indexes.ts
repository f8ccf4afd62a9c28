import { type Check, error, ok } from "../finding.js";

/** Whether every index that claims and look-ups need is there. */
export const indexes: Check = {
  name: "indexes",
  needs: ["mongo"],
  async run({ mongo }) {
    const inspector = mongo.inspector();
    const missing = await inspector.missingIndexes();
    if (missing.length === 0) return [ok("all indexes are there")];
    const means =
      "Claims and look-ups read every document; without tandemq_held unique keys are not kept, without tandemq_delete nothing is ever deleted.";
    const mend = {
      what: `create ${missing.join(", ")}`,
      run: async () => {
        await inspector.prepare();
        return `created ${missing.join(", ")}`;
      },
    };
    return [
      error(
        `missing or different: ${missing.join(", ")}`,
        means,
        "Start any client or worker, or run this with --fix.",
        mend,
      ),
    ];
  },
};
