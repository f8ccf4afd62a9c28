/** Makes very many jobs of one, in MongoDB: the server itself copies the document, a hundred thousand at a time. */
import { until } from "./clock.mjs";

const helping = 100_000;

/** Copies the one job of this status `count` times, each with an id and a number of its own. */
export async function copyJob(jobs, status, count) {
  const { _id } = await until(() => jobs.findOne({ status }), `a job that is ${status}`, { limit: 20_000 });
  for (let from = 1; from <= count; from += helping) {
    const numbers = { $range: [from, Math.min(from + helping, count + 1)] };
    // Twenty-four digits, made long before those of any job that runs.
    const id = { $toObjectId: { $concat: ["0badc0de000000", { $toString: { $add: ["$n", 1_000_000_000] } }] } };
    await jobs
      .aggregate([
        { $match: { _id } },
        { $set: { n: numbers } },
        { $unwind: "$n" },
        { $set: { _id: id, "params.number": "$n" } },
        { $unset: "n" },
        { $merge: { into: jobs.collectionName, whenMatched: "fail", whenNotMatched: "insert" } },
      ])
      .toArray();
  }
  const found = await jobs.countDocuments({ status });
  if (found <= count) throw new Error(`${found} jobs are ${status} where there should be ${count + 1}`);
}
