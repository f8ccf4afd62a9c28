export default {
  mongo: "mongodb://127.0.0.1:27017/app",
  redis: "redis://127.0.0.1:6379",
  tasks: ["tasks/*.js"],
  queues: {
    default: "regular",
    slow: "regular",
    pages: { mode: "raw", timeout: "30s", hardTimeout: "45s" },
  },
  worker: { maxLost: 3, killAfter: "10s", recycle: { jobs: 10_000, memory: 512 } },
};
