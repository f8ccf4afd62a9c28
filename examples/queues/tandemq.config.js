export default {
  mongo: "mongodb://127.0.0.1:27017/app",
  redis: "redis://127.0.0.1:6379",
  tasks: "tasks/*.js",
  queues: {
    default: "regular",
    "stack-*": { mode: "regular", order: "lifo" },
    ranking: { mode: "raw", kind: "sorted" },
    thumbnails: { mode: "raw", kind: "set" },
    crawl: { mode: "raw", kind: "timed", again: "10m" },
    urls: {
      mode: "raw",
      kind: "set",
      factory: (url) => ({ path: "site.visit", params: { url } }),
    },
    views: { mode: "no-storage", store: ["success"] },
  },
};
