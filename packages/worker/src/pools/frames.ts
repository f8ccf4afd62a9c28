/**
 * The frames of the channel between supervisor and child: four bytes length of the head, four of the body (little
 * endian), the head as JSON, the body as text. The body carries the params of jobs unread, so that no text in it can
 * break the frame or fail the other jobs of its batch. The first bit of the head's length says that head and body are
 * ASCII: most are, and such bytes are copied as they are.
 */
const prefix = 8;
const ascii = 0x8000_0000;

export interface Frame {
  readonly head: unknown;
  readonly body: string;
}

/** @param head JSON text */
export function encodeFrame(head: string, body: string = ""): Buffer {
  const headBytes = Buffer.byteLength(head);
  const bodyBytes = body === "" ? 0 : Buffer.byteLength(body);
  const isAscii = headBytes + bodyBytes === head.length + body.length;
  const encoding = isAscii ? "latin1" : "utf8";
  const frame = Buffer.allocUnsafe(prefix + headBytes + bodyBytes);
  frame.writeUInt32LE(isAscii ? headBytes + ascii : headBytes, 0);
  frame.writeUInt32LE(bodyBytes, 4);
  frame.write(head, prefix, encoding);
  if (bodyBytes > 0) frame.write(body, prefix + headBytes, encoding);
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

function headLength(bytes: Buffer): number {
  return bytes.readUInt32LE(0) % ascii;
}

function frameEnd(bytes: Buffer): number {
  return prefix + headLength(bytes) + bytes.readUInt32LE(4);
}

function decode(bytes: Buffer): Frame {
  const bodyAt = prefix + headLength(bytes);
  const encoding = bytes.readUInt32LE(0) >= ascii ? "latin1" : "utf8";
  const head: unknown = JSON.parse(bytes.toString(encoding, prefix, bodyAt));
  return { head, body: bytes.toString(encoding, bodyAt, frameEnd(bytes)) };
}
