const { createClient } = require("tandemq");
const { send } = require("./tasks/mail.js");

async function main() {
  const client = await createClient();
  const jobs = await client.enqueueMany(send, [{ to: "ann" }, { to: "bob" }, { to: "eve" }]);
  for (const job of jobs) console.log(await job.result({ timeout: "30s" }));
  await client.close();
}

void main();
