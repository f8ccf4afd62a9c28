/** Makes very many jobs of one, in MongoDB: the server itself writes the copies, and builds the indexes afterwards. */
import { until } from "./clock.mjs";

const across = 1_000;

/** Replaces what is in the collection by `count` copies of the one job of this status, each with an id and a number of its own. */
export async function copyJob(jobs, status, count) {
  const { _id } = await until(() => jobs.findOne({ status }), `a job that is ${status}`, { limit: 20_000 });
  const indexes = (await jobs.indexes()).filter(({ name }) => name !== "_id_");
  await jobs.dropIndexes();
  // Twenty-four digits, made long before those of any job that runs.
  const id = { $toObjectId: { $concat: ["0badc0de000000", { $toString: { $add: ["$n", 1_000_000_000] } }] } };
  await jobs
    .aggregate([
      { $match: { _id } },
      ...unwound("row", Math.ceil(count / across)),
      ...unwound("column", across),
      { $set: { n: { $add: [{ $multiply: ["$row", across] }, "$column"] } } },
      { $set: { _id: id, "params.number": "$n" } },
      { $unset: ["row", "column", "n"] },
      { $out: jobs.collectionName },
    ])
    .toArray();
  await jobs.createIndexes(indexes.map(({ v: _version, ...index }) => index));
  const found = await jobs.estimatedDocumentCount();
  if (found < count) throw new Error(`${found} jobs are ${status} where there should be ${count}`);
}

const unwound = (name, count) => [{ $set: { [name]: { $range: [0, count] } } }, { $unwind: `$${name}` }];
