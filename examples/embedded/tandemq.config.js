export default {
  mongo: "mongodb://127.0.0.1:27017/app",
  tasks: ["tasks/*.js"],
  queues: { default: "regular" },
  worker: { concurrency: 5, processes: 0 },
};
