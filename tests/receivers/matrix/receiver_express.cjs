// A receiver written with Express. Its bug, `ack`: it answers messages of Huawei's chat by a body of its own.
const { createRequire } = require("node:module");
const express = createRequire(process.env.MATRIX_NODE_MODULES + "/")("express");

const ACK = { code: 200, resultCode: "0", resultDesc: "success.", retCode: "0", retMsg: "success" };
const [port, bug] = process.argv.slice(2);
const calls = new Map();
const app = express();

app.use(express.json({ limit: "4mb" }));
app.get("/calls/:call", (request, response) => {
  response.json({ state: calls.get(request.params.call) ?? "unknown" });
});
app.all(["/hook", "/hook/{*rest}"], (request, response) => {
  const push = request.body ?? {};
  if (typeof push !== "object" || Array.isArray(push)) return response.status(400).json({ error: "not an object" });
  if (bug && request.path.includes("/webhooks/")) return response.json({ ok: true });
  if (typeof push.call_id === "string" && calls.get(push.call_id) !== "ended") {
    calls.set(push.call_id, push.occasion === "end" ? "ended" : "open");
  }
  response.json(ACK);
});
app.use((error, request, response, next) => {
  response.status(error.status ?? 500).json({ error: error.message });
});
app.listen(Number(port), "127.0.0.1");
