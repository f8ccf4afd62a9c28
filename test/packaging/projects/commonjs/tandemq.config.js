module.exports = { tasks: "tasks/*.js", queues: { mail: "raw" } };
