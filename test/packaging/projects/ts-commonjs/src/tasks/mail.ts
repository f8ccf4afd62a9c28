import { defineTask } from "tandemq";

export const send = defineTask("mail.send", async (params: { to: string }) => ({ sent: params.to }), { queue: "mail" });

declare module "tandemq" {
  interface TaskTypes {
    "mail.send": typeof send;
    "mail.count": { params: { folder: string }; result: number };
  }
}
