import { once } from "node:events";
import { rm } from "node:fs/promises";
import { connect, createServer, type Server, type Socket } from "node:net";

/** What a keeper can be asked. */
export type Request = "status" | "stop";

/**
 * Listens on a socket of the file system, whose name is taken as long as somebody lives who listens: the lock, and the way
 * to ask. `undefined` when somebody else has it.
 */
export async function openControl(
  path: string,
  answer: (request: Request) => Promise<unknown>,
): Promise<Server | undefined> {
  const server = createServer((socket) => void serve(socket, answer));
  if (await listen(server, path)) return server;
  if ((await ask(path, "status")) !== undefined) return undefined;
  // Its owner was killed: nobody answers any more.
  await rm(path, { force: true });
  return (await listen(server, path)) ? server : undefined;
}

/** Asks whoever listens; `undefined` when nobody does. */
export async function ask(path: string, request: Request): Promise<unknown> {
  const socket = connect(path).setEncoding("utf8");
  try {
    await once(socket, "connect");
    socket.write(`${request}\n`);
    let text = "";
    for await (const part of socket) text += String(part);
    return text === "" ? undefined : (JSON.parse(text) as unknown);
  } catch {
    return undefined;
  } finally {
    socket.destroy();
  }
}

async function serve(socket: Socket, answer: (request: Request) => Promise<unknown>): Promise<void> {
  socket.on("error", () => {});
  const [line] = (await once(socket, "data").catch(() => [""])) as [Buffer | string];
  socket.end(JSON.stringify(await answer(String(line).trim() as Request)));
}

function listen(server: Server, path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException) => (error.code === "EADDRINUSE" ? resolve(false) : reject(error));
    server.once("error", onError);
    server.listen(path, () => {
      server.off("error", onError);
      resolve(true);
    });
  });
}
