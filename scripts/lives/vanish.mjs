/** A consumer that is killed while it works: started by `trouble.mjs`. */
import { createClient } from "tandemq";
import { Random } from "../faults/random.mjs";
import { consume } from "./deeds/consume.mjs";
import { modes } from "./plan.mjs";
import { Story } from "./story.mjs";

const { LIVES_STORY, TANDEMQ_MONGO: mongo, TANDEMQ_REDIS: redis, TANDEMQ_PREFIX: prefix } = process.env;
const { default: project } = await import("./project/tandemq.config.mjs");
const client = await createClient({ ...project, mongo, redis, prefix, tasks: [] });
const story = new Story(LIVES_STORY, "consumer");
const random = new Random(Number(process.argv[2]));
for (const mode of [...modes, ...modes]) {
  await consume({ client, story, random, queue: `hand/${mode}`, wait: 50, most: 3 });
}
await client.close();
