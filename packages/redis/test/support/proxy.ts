import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** What becomes of the server's answers. `cut`: the connection breaks instead. `hold`: they come when it passes again. */
export type Mode = "pass" | "cut" | "hold";

export interface Proxy extends AsyncDisposable {
  readonly url: string;
  mode: Mode;
  /** Answers that did not come through. */
  readonly lost: number;
}

/** Stands between client and Redis and loses answers. */
export async function redisProxy(target: string): Promise<Proxy> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  const state = { mode: "pass" as Mode, lost: 0, held: [] as (() => void)[] };
  const server = createServer((client) => {
    const upstream = connect(Number(port || 6379), hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", () => undefined).on("close", () => sockets.delete(socket));
    }
    client.on("data", (data) => upstream.write(data)).on("close", () => upstream.destroy());
    upstream.on("close", () => client.destroy());
    upstream.on("data", (data) => {
      if (state.mode === "pass") return client.write(data);
      state.lost += 1;
      if (state.mode === "cut") client.destroy();
      else state.held.push(() => client.write(data));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get mode() {
      return state.mode;
    },
    set mode(mode: Mode) {
      state.mode = mode;
      if (mode === "pass") for (const send of state.held.splice(0)) send();
    },
    get lost() {
      return state.lost;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
