import { defineTask } from "tandemq";
import { z } from "zod";

const Invitation = z.object({ email: z.email(), from: z.coerce.date(), seats: z.number().int().default(1) });

export const invite = defineTask(
  "invite",
  ({ email, from, seats }) => `${email}: ${seats} from ${from.getUTCFullYear()}`,
  {
    schema: Invitation,
  },
);
