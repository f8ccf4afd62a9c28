const { TANDEMQ_MONGO, TANDEMQ_REDIS, TANDEMQ_PREFIX } = process.env;

export default {
  mongo: TANDEMQ_MONGO ?? "mongodb://127.0.0.1:27017/shop",
  redis: TANDEMQ_REDIS ?? "redis://127.0.0.1:6379",
  prefix: TANDEMQ_PREFIX ?? "shop",
  tasks: "tasks/*.js",
  queues: { orders: "regular", mail: "raw", "mail-later": "regular" },
};
