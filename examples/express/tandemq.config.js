export default {
  mongo: "mongodb://127.0.0.1:27017/app",
  redis: "redis://127.0.0.1:6379",
  tasks: "dist/tasks/*.js",
  queues: { thumbnails: "raw" },
};
