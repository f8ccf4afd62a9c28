/**
 * The frames of the channel between supervisor and child: four bytes length of the head, four of the body (little
 * endian), the head as JSON, the body as text. The body carries the params of jobs unread, so that no text in it can
 * break the frame or fail the other jobs of its batch.
 */
const prefix = 8;

export interface Frame {
  readonly head: unknown;
  readonly body: string;
}

/** @param head JSON text */
export function encodeFrame(head: string, body: string = ""): Buffer {
  const headBytes = Buffer.byteLength(head);
  const bodyBytes = body === "" ? 0 : Buffer.byteLength(body);
  const frame = Buffer.allocUnsafe(prefix + headBytes + bodyBytes);
  frame.writeUInt32LE(headBytes, 0);
  frame.writeUInt32LE(bodyBytes, 4);
  frame.write(head, prefix, "utf8");
  if (bodyBytes > 0) frame.write(body, prefix + headBytes, "utf8");
  return frame;
}

/** Cuts a stream of bytes into frames. */
export class FrameReader {
  #chunks: Buffer[] = [];
  #size = 0;
  #wanted = prefix;

  *push(chunk: Buffer): Generator<Frame> {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    while (this.#size >= this.#wanted) {
      const bytes = this.#gather();
      const end = frameEnd(bytes);
      if (bytes.length < end) {
        this.#wanted = end;
        return;
      }
      this.#keep(bytes.subarray(end));
      yield decode(bytes);
    }
  }

  #gather(): Buffer {
    const [first] = this.#chunks;
    if (this.#chunks.length === 1 && first) return first;
    const bytes = Buffer.concat(this.#chunks, this.#size);
    this.#chunks = [bytes];
    return bytes;
  }

  #keep(rest: Buffer): void {
    this.#chunks = rest.length > 0 ? [rest] : [];
    this.#size = rest.length;
    this.#wanted = prefix;
  }
}

function frameEnd(bytes: Buffer): number {
  return prefix + bytes.readUInt32LE(0) + bytes.readUInt32LE(4);
}

function decode(bytes: Buffer): Frame {
  const bodyAt = prefix + bytes.readUInt32LE(0);
  const head: unknown = JSON.parse(bytes.toString("utf8", prefix, bodyAt));
  return { head, body: bytes.toString("utf8", bodyAt, bodyAt + bytes.readUInt32LE(4)) };
}
