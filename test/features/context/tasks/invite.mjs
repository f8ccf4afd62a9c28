import { type } from "arktype";
import { defineTask } from "tandemq";
import * as v from "valibot";
import { z } from "zod";

/** Fails with what its schema made of the params: a date of a text. */
const tell = ({ guests }) => {
  throw Object.assign(new Error(JSON.stringify({ year: guests[0].from.getUTCFullYear() })), { name: "Told" });
};

const fromText = v.pipe(
  v.string(),
  v.isoTimestamp(),
  v.transform((text) => new Date(text)),
);

export const zod = defineTask("invite.zod", tell, {
  schema: z.object({ guests: z.array(z.object({ from: z.coerce.date() })) }),
});

export const valibot = defineTask("invite.valibot", tell, {
  schema: v.object({ guests: v.array(v.object({ from: fromText })) }),
});

export const arktype = defineTask("invite.arktype", tell, {
  schema: type({ guests: type({ from: "string.date.parse" }).array() }),
});
