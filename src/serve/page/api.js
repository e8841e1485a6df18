// Questions to the control API. What it refuses becomes an error that carries the problem's own words.

class Problem extends Error {
  constructor(status, told) {
    super([told.detail || told.title || `status ${status}`, told.help].filter(Boolean).join("; "));
    this.status = status;
    // What is wrong with a scenario, place by place.
    this.diagnostics = told.diagnostics || [];
    // Which part of a request it is about.
    const [first] = told.errors || [], named = /^`(\w+)`: /.exec(told.detail || "");
    this.part = first ? first.pointer.split("/")[1] : named ? named[1] : "";
  }
}

async function ask(method, path, body) {
  const options = { method, headers: {} };
  if (body !== undefined) {
    options.headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(body);
  }
  let response;
  try {
    response = await fetch(`/api${path}`, options);
  } catch {
    throw new Problem(0, { detail: tr("the server does not answer") });
  }
  const told = response.status === 204 ? null : await response.json().catch(() => null);
  if (response.ok) return told;
  throw new Problem(response.status, told || {});
}

const get = (path) => ask("GET", path);
const post = (path, body = {}) => ask("POST", path, body);
const runPath = (run, rest = "") => `/runs/${encodeURIComponent(run.id)}${rest}`;

// Makes a session of a token: from then on a cookie that no script can read opens the API.
async function openSession(token) {
  const response = await fetch("/api/session", { method: "POST", headers: { Authorization: `Bearer ${token}` } });
  if (!response.ok) throw new Problem(response.status, { detail: tr("this token is not the server's") });
}

// The token that the address brings along, which leaves the address bar at once.
function tokenOfAddress() {
  const token = /^#token=(.+)$/.exec(location.hash);
  if (token) history.replaceState(null, "", location.pathname);
  return token ? decodeURIComponent(token[1]) : "";
}

// Does something for a person, and tells them where it was refused.
async function attempt(doing) {
  try {
    return await doing();
  } catch (problem) {
    notice("bad", problem.message || String(problem));
    return undefined;
  }
}
