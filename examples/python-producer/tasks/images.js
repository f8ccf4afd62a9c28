import { defineTask } from "tandemq";

export const resize = defineTask("images.resize", ({ file, width }) => ({ file, width }), { queue: "images" });
