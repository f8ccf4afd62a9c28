export default {
  mongo: "mongodb://127.0.0.1:27017/app",
  tasks: ["tasks/*.js"],
  middleware: "middleware.js",
  queues: { default: "regular" },
};
