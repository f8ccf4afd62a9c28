import { type Check, error, ok, warning } from "../finding.js";

/** Whether the collection of jobs refuses documents that cannot be jobs. */
export const validator: Check = {
  name: "validator",
  needs: ["mongo"],
  async run({ mongo }) {
    const inspector = mongo.inspector();
    const state = await inspector.validator();
    if (state === "current") return [ok("the validator is in force")];
    if (state === "newer") return [newer];
    if (state === "foreign") return [foreign];
    const mend = {
      what: "put the validator in force",
      run: () => inspector.prepare().then(() => "the validator is in force"),
    };
    const means = "Documents that cannot be jobs are accepted; they are found by the claim, and set aside as failed.";
    const todo = "Start any client or worker, or run this with --fix.";
    return [warning(`the validator of the collection of jobs is ${state}`, means, todo, mend)];
  },
};

const newer = warning(
  "the validator is of a newer version of TandemQ",
  "Programs of several versions work on this database; newer jobs may say what this version does not read.",
  "Bring all programs to the same version.",
);

const foreign = error(
  "the collection of jobs has a validator of somebody else's, or is no collection",
  "Workers and clients refuse to start on it.",
  "Choose another database, or a `prefix` of its own.",
);
