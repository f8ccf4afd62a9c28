import { type Check, error, type Finding, ok, warning } from "../finding.js";

/** Version and layout of MongoDB, and what its acknowledgements are worth. */
export const mongoServer: Check = {
  name: "mongo-server",
  needs: ["mongo"],
  async run({ mongo }) {
    const { version, layout, setName, members, arbiters, majorityIsJournaled } = await mongo.inspector().facts();
    const findings: Finding[] = [versionOf(version)];
    if (layout === "standalone") findings.push(standalone);
    else findings.push(ok(layout === "sharded" ? "a sharded cluster" : `replica set ${setName} of ${members}`));
    if (arbiters > 0 && members < 3) findings.push(arbiter);
    if (majorityIsJournaled === false) findings.push(unjournaled);
    return findings;
  },
};

function versionOf(version: string | undefined): Finding {
  if (Number.parseInt(version ?? "", 10) >= 5) return ok(`MongoDB ${version}`);
  const means = "Workers and clients refuse to start on it.";
  return error(`MongoDB ${version ?? "of unknown version"} is too old`, means, "Upgrade the server to 5.0 or newer.");
}

const standalone = warning(
  "MongoDB is a standalone server, not a replica set",
  "No change streams (new work is found by polling, up to 1 s later) and no transactions; what was acknowledged in the last 100 ms is lost when the machine dies.",
  "Start mongod with --replSet and initiate it: a set of one member is enough for the first two, three members for all.",
);

const arbiter = warning(
  "the replica set has an arbiter and fewer than three members with data",
  "When a member with data is away, no write reaches a majority: enqueueing and settling wait.",
  "Replace the arbiter by a member with data.",
);

const unjournaled = warning(
  "writeConcernMajorityJournalDefault is off",
  "A write that the majority has acknowledged may be lost when several machines die at once.",
  "Turn it on in the replica set's configuration.",
);
