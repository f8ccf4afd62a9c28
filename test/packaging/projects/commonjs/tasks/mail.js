const { defineTask } = require("tandemq");

exports.send = defineTask("mail.send", ({ to }) => ({ sent: to }), { queue: "mail" });
