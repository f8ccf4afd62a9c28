import { defineTask } from "tandemq";

export const send = defineTask("mail.send", ({ to }) => ({ sent: to }), { queue: "mail" });
