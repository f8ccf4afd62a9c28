export default { tasks: "tasks/*.js", queues: { mail: "raw" } };
