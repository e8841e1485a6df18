// The stream of events. It is read by `fetch`, not by `EventSource`, because only so the comments that keep it alive are
// seen: a link that has died without a word is noticed, said, and opened anew.

// The server writes a comment every 15 seconds: after this long without anything the link is taken for dead.
const SILENT_MAX_MS = 40000;
const AGAIN_MS = [500, 1000, 2000, 4000, 5000];

const link = { state: "connecting", last: "", tries: 0, again: 0, lost: 0 };

// Follows the stream for ever. `took` gets the events of each piece that arrives; `changed` is told how the link stands.
async function follow(took, changed) {
  for (;;) {
    const ended = await readStream(took, () => stand("live", changed)).catch((error) => error);
    if (ended instanceof Problem && ended.status === 401) return stand("locked", changed);
    const wait = AGAIN_MS[Math.min(link.tries, AGAIN_MS.length - 1)];
    link.tries += 1;
    link.again = performance.now() + wait;
    stand("lost", changed);
    await new Promise((done) => setTimeout(done, wait));
  }
}

function stand(state, changed) {
  const before = link.state;
  link.state = state;
  if (state === "live") link.tries = 0;
  if (state === "lost" && before === "live") link.lost += 1;
  changed(before);
}

async function readStream(took, live) {
  const stop = new AbortController();
  const headers = { Accept: "text/event-stream" };
  if (link.last) headers["Last-Event-ID"] = link.last;
  let watch = setTimeout(() => stop.abort(), SILENT_MAX_MS);
  try {
    const response = await fetch(`/api/events${link.last ? "" : "?after=now"}`, { headers, signal: stop.signal, cache: "no-store" });
    if (!response.ok) throw new Problem(response.status, {});
    live();
    const reader = response.body.getReader(), letters = new TextDecoder();
    const parse = lines(took);
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      clearTimeout(watch);
      watch = setTimeout(() => stop.abort(), SILENT_MAX_MS);
      parse(letters.decode(value, { stream: true }));
    }
  } finally {
    clearTimeout(watch);
    stop.abort();
  }
}

// Takes the stream apart: lines of `id:` and `data:`, an event ended by an empty line.
function lines(took) {
  let rest = "", data = [], id = null;
  return (text) => {
    const list = (rest + text).split(/\r\n|\n|\r/), events = [];
    rest = list.pop();
    for (const line of list) {
      if (line === "") {
        if (id !== null) link.last = id;
        if (data.length) {
          try {
            events.push(JSON.parse(data.join("\n")));
          } catch {
            events.push({ event: "missed", count: 1 });
          }
        }
        data = [];
        id = null;
      } else if (line.startsWith("data:")) data.push(line.slice(line[5] === " " ? 6 : 5));
      else if (line.startsWith("id:")) id = line.slice(3).trim();
    }
    // What goes wrong with an event is no fault of the link.
    try {
      if (events.length) took(events);
    } catch (error) {
      reportError(error);
    }
  };
}
