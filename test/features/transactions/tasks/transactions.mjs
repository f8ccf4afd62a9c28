import { MongoClient } from "mongodb";
import { defineTask } from "tandemq";

export const note = defineTask("transactions.note", (params) => params);

/** The effect of a job and its success, in one transaction. `fail` says what goes wrong in the first attempt. */
export const effect = defineTask("transactions.effect", async ({ fail }, job) => {
  const goesWrong = job.attempt === 1 && job.deliveries === 1 ? fail : undefined;
  const client = new MongoClient(process.env.TANDEMQ_MONGO);
  try {
    await client.withSession((session) =>
      session.withTransaction(async () => {
        await client.db().collection("effects").insertOne({ job: job.id }, { session });
        await job.complete(session, { attempt: job.attempt });
        if (goesWrong === "throws") throw new Error("after the success was written");
        if (goesWrong === "dies inside") process.exit(1);
        if (goesWrong === "rolls back") await session.abortTransaction();
      }),
    );
    if (goesWrong === "dies after") process.exit(1);
    if (goesWrong === "throws after") throw new Error("after the commit");
    return "not what counts";
  } finally {
    await client.close();
  }
});
