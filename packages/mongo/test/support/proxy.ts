import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/**
 * Stands between driver and server. It loses answers: what was asked is done, nobody hears of it. Or requests: the driver sees
 * the same, and the server has heard of nothing.
 */
export class Proxy {
  readonly #server: Server;
  readonly #target: URL;
  readonly #sockets = new Set<Socket>();
  #loses: "nothing" | "answers" | "requests" = "nothing";

  constructor(target: string) {
    this.#target = new URL(target);
    this.#server = createServer((client) => this.#join(client));
  }

  /** Starts, and returns the address to be used instead. */
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    const url = new URL(this.#target);
    url.host = `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    url.search = "?directConnection=true&serverSelectionTimeoutMS=500&heartbeatFrequencyMS=500";
    return url.href;
  }

  /** From now on every answer ends its connection instead of arriving. */
  loseAnswers(): void {
    this.#loses = "answers";
  }

  /** From now on every request ends its connection instead of arriving. */
  loseRequests(): void {
    this.#loses = "requests";
  }

  heal(): void {
    this.#loses = "nothing";
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #join(client: Socket): void {
    const server = connect(Number(this.#target.port), this.#target.hostname);
    for (const [one, two] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#sockets.add(one);
      one.on("error", () => {});
      one.on("close", () => {
        this.#sockets.delete(one);
        two.destroy();
      });
    }
    client.on("data", (data) => (this.#loses === "requests" ? client.destroy() : server.write(data)));
    server.on("data", (data) => (this.#loses === "answers" ? server.destroy() : client.write(data)));
  }
}
