import { type Codec, withCodec } from "@tandemq/core";
import { brokerContract } from "./broker-contract.js";
import { memorySubject } from "./subjects/memory.js";

const base64: Codec = {
  name: "base64",
  encode: (text) => Buffer.from(text).toString("base64"),
  decode: (text) => Buffer.from(text, "base64").toString(),
};

const memory = memorySubject("all");

brokerContract({
  ...memory,
  name: "memory, with a codec",
  findsParams: false,
  async open() {
    const { broker, other, close } = await memory.open();
    return { broker: withCodec(broker, base64), other: withCodec(other, base64), close };
  },
});
