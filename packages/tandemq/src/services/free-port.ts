import { createServer, type AddressInfo } from "node:net";

/**
 * A TCP port of the loopback interface that was free a moment ago: the one that is preferred, if it is. Another process may
 * still take it first.
 */
export async function freePort(preferred: number = 0): Promise<number> {
  try {
    return await probe(preferred);
  } catch (error) {
    if (preferred === 0) throw error;
    return probe(0);
  }
}

function probe(port: number): Promise<number> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      const { port: got } = server.address() as AddressInfo;
      server.close(() => resolve(got));
    });
  });
}
