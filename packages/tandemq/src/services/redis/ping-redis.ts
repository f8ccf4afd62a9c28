import { once } from "node:events";
import { connect } from "node:net";

/** Asks a Redis on a loopback port for a PONG. False where nothing answers or it is still loading its data. */
export async function pingRedis(port: number): Promise<boolean> {
  const socket = connect({ host: "127.0.0.1", port, timeout: 1_000 });
  socket.once("timeout", () => socket.destroy(new Error("no answer")));
  try {
    socket.write("PING\r\n");
    const [answer] = (await once(socket, "data")) as [Buffer];
    return answer.toString("latin1").startsWith("+PONG");
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
