export default {
  mongo: "mongodb://127.0.0.1:27017/app",
  redis: "redis://127.0.0.1:6379",
  tasks: ["tasks/*.js"],
  queues: { albums: "regular", pictures: "raw" },
};
