// Lets a push get lost and another come twice, from JavaScript, with nothing but Node: node control.mjs [ADDRESS].
import assert from "node:assert/strict";

const RINGBACK = (process.argv[2] ?? "http://127.0.0.1:7070").replace(/\/$/, "");

async function ask(method, path, body) {
  const headers = { "Content-Type": "application/json" };
  const answer = await fetch(RINGBACK + path, { method, headers, body: body && JSON.stringify(body) });
  const told = await answer.json();
  if (!answer.ok) throw new Error(`${told.title}: ${told.detail}`);
  return told;
}

// Paused, so that the faults are in place before anything leaves.
const run = await ask("POST", "/api/runs", { scenario: "transfer", vendor: "7moor", paused: true, target: `${RINGBACK}/inbox/js` });
const path = `/api/runs/${run.id}`;
await ask("POST", `${path}/faults`, { fault: "drop-next" });
await ask("POST", `${path}/next`);
await ask("POST", `${path}/faults`, { fault: "duplicate-last" });
await ask("POST", `${path}/resume`);

const stream = await fetch(`${RINGBACK}${path}/events`);
const kinds = new Map();
for (const line of (await stream.text()).split("\n").filter((line) => line.startsWith("data: "))) {
  const event = JSON.parse(line.slice(6));
  kinds.set(event.event, (kinds.get(event.event) ?? 0) + 1);
}
assert.equal(kinds.get("dropped"), 1);

const inbox = await ask("GET", "/api/inboxes/js");
assert.equal(inbox.requests.length, kinds.get("attempted"));
assert.equal(inbox.requests.filter((request) => request.body === inbox.requests[0].body).length, 2);
await assert.rejects(ask("POST", `${path}/steps`, { step: "hangup: customer" }), /Conflict: the run is over/);
console.log(`${inbox.requests.length} pushes arrived, one of them twice`);
