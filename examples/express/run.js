import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { createClient } from "tandemq";
import { createService } from "./dist/service.js";

const client = await createClient();
const server = createService(client).listen(0);
await once(server, "listening");
const url = `http://127.0.0.1:${server.address().port}`;

const post = (body) =>
  fetch(`${url}/thumbnails`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });

const refused = await post({ file: "cat.jpg" });
console.log(refused.status, await refused.json());

const accepted = await post({ file: "cat.jpg", width: 200 });
console.log(accepted.status);

const place = accepted.headers.get("location");
let answer = {};
while (answer.status !== "success") {
  await pause(50);
  answer = await (await fetch(url + place)).json();
}
console.log(answer);

server.close();
server.closeAllConnections();
await client.close();
