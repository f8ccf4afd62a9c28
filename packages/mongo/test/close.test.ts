import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { createMongo } from "../src/create-mongo.js";

test("no connection is made after the close, though the driver reads certificates first", async () => {
  const folder = mkdtempSync(join(tmpdir(), "tandemq-close-"));
  writeFileSync(join(folder, "ca.pem"), "");
  const sockets: Socket[] = [];
  const server = createServer((socket) => sockets.push(socket.on("error", () => {}))).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const url = `mongodb://127.0.0.1:${port}/x?tls=true&tlsCAFile=${folder}/ca.pem&directConnection=true`;
  const mongo = createMongo({ url, serverSelectionTimeout: 200 });
  const starting = mongo.broker().start();
  const started = expect(starting).rejects.toMatchObject({ code: expect.any(String) });
  await mongo.close();
  const before = sockets.length;
  await started;
  expect(sockets.length).toBe(before);
  for (const socket of sockets) socket.destroy();
  server.close();
  rmSync(folder, { recursive: true });
});
