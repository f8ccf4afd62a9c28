export default {
  mongo: { url: "mongodb://127.0.0.1:27017/app", username: process.env.DB_USER, password: process.env.DB_PASSWORD },
  redis: "redis://127.0.0.1:6379",
  tasks: ["tasks/*.js"],
  queues: {
    default: "regular",
    mail: { mode: "raw", timeout: "1m" },
    "views/*": "no-storage",
  },
  taskOptions: {
    "mail.*": { queue: "mail", attempts: 2 },
    "mail.send": { attempts: 3, backoff: { type: "fixed", delay: "10ms" } },
  },
  worker: { concurrency: 25, processes: 2 },
};
