export default {
  mongo: "mongodb://127.0.0.1:27017/app",
  redis: "redis://127.0.0.1:6379",
  tasks: "tasks/*.js",
  queues: { default: "regular", images: "raw", "views/*": "no-storage" },
};
