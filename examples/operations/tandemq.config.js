import { encrypted } from "./codec.js";

export default {
  mongo: "mongodb://127.0.0.1:27017/app",
  redis: "redis://127.0.0.1:6379",
  tasks: "tasks/*.js",
  queues: { payments: "regular", mail: "raw" },
  retention: {
    success: "7d",
    failures: { age: "30d", count: 10_000 },
    queues: { mail: { success: { age: "1d", count: 50_000 } } },
    tasks: { "payments.*": { success: "365d" } },
  },
  redact: ["params.card.number", "*.**.password"],
  codec: encrypted,
};
