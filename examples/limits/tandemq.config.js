export default {
  mongo: "mongodb://127.0.0.1:27017/app",
  redis: "redis://127.0.0.1:6379",
  tasks: ["tasks/*.js"],
  queues: {
    default: "regular",
    "crawl/*": { mode: "raw", limit: { key: (params) => params.host, max: 100, per: "1s" } },
    reports: { mode: "regular", limit: { concurrency: 2 } },
  },
};
