import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from "node:crypto";

const key = scryptSync(process.env.JOBS_SECRET ?? "only for this example", "tandemq", 32);

/** Params and results are encrypted and signed with AES-256-GCM. A new key gets a new name. */
export const encrypted = {
  name: "aes-256-gcm/1",
  encode(text) {
    const iv = randomBytes(12);
    const cipher = createCipheriv("aes-256-gcm", key, iv);
    const data = [cipher.update(text, "utf8"), cipher.final()];
    return Buffer.concat([iv, cipher.getAuthTag(), ...data]).toString("base64");
  },
  decode(text) {
    const bytes = Buffer.from(text, "base64");
    const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, 12));
    decipher.setAuthTag(bytes.subarray(12, 28));
    return decipher.update(bytes.subarray(28), undefined, "utf8") + decipher.final("utf8");
  },
};
