// The data of the run: the overview at once, the details once they are unpacked.

const overview = JSON.parse(byId("overview").textContent);
const { run, figures, left_out: leftOut } = overview;
let details = null;

async function unpack() {
  const packed = Uint8Array.from(atob(byId("details").textContent), (letter) => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  const { stories, bodies } = JSON.parse(await new Response(stream).text());
  for (const { vendor, detail } of overview.stories) {
    if (detail === null) continue;
    let at = stories[detail].bodies_from;
    for (const step of stories[detail].steps) {
      if (step.body) step.body.text = step.is === "sent" ? bodies[vendor][at++] : step.body.text || "";
    }
  }
  details = stories;
}

// What can be chosen in the list: the calls of every story, or the story itself where it has none.
const entries = overview.stories.flatMap((story, at) => {
  const ofStory = story.calls.reduce((sum, call) => sum + (call.findings || 0), 0);
  const calls = story.calls.length ? story.calls : [{ call: null, attempts: 0 }];
  return calls.map((call) => ({
    story,
    at,
    call,
    // What was found of the story as a whole is shown with each of its calls.
    outcome: call.findings || ofStory === 0 ? story.outcome : "passed",
  }));
});

const failing = (entry) => entry.outcome !== "passed";
const detailOf = (entry) => (details && entry.story.detail !== null ? details[entry.story.detail] : null);
const weighs = (finding) => finding.weight !== "remark";

// The pushes of a call in the order in which they first appear, each with its attempts and what became of it.
function pushesOf(entry) {
  if (entry.pushes) return entry.pushes;
  const detail = detailOf(entry);
  const pushes = new Map();
  for (const step of detail ? detail.steps : []) {
    const key = `${step.n}.${step.to}`;
    if (step.call !== undefined && step.call !== entry.call.call) continue;
    if (!pushes.has(key)) {
      if (step.call === undefined) continue;
      pushes.set(key, { key, n: step.n, to: step.to, push: step.push, why: "", attempts: [], faults: [], findings: [] });
    }
    const push = pushes.get(key);
    const attempt = push.attempts.find((known) => known.try === step.try);
    if (step.why) push.why = step.why;
    if (step.is === "sent") push.attempts.push({ try: step.try, sent: step, findings: [] });
    else if (step.is === "answered" || step.is === "broken") attempt && (attempt.ended = step);
    else if (step.is === "waits") attempt && (attempt.waits = step);
    else if (step.is === "held") push.held = step;
    else if (step.is === "dropped") push.dropped = step;
    else if (step.is === "given_up") push.givenUp = step;
  }
  for (const finding of detail ? detail.findings : []) {
    const push = finding.delivery && pushes.get(`${finding.delivery.number}.${finding.delivery.target}`);
    if (!push || finding.delivery.call !== entry.call.call) continue;
    push.findings.push(finding);
    const attempt = push.attempts.find((known) => known.try === finding.attempt) || push.attempts.at(-1);
    if (attempt) attempt.findings.push(finding);
  }
  entry.pushes = [...pushes.values()];
  return entry.pushes;
}

// What a search looks through.
function haystack(entry) {
  const { story, call } = entry;
  const names = `${story.scenario} ${story.vendor} ${call.call || ""}`;
  const detail = detailOf(entry);
  if (!detail) return names.toLowerCase();
  if (entry.haystack) return entry.haystack;
  const parts = [names, detail.title, detail.source];
  for (const push of pushesOf(entry)) {
    parts.push(push.push, push.why);
    for (const { sent, ended } of push.attempts) {
      parts.push(sent.url, sent.body.text, readable(sent.body.text, sent.headers));
      sent.faults && sent.faults.forEach((bent) => parts.push(bent.fault, bent.evidence));
      if (ended) parts.push(ended.body ? ended.body.text : ended.message, ended.status ? `status ${ended.status}` : ended.told);
    }
  }
  detail.findings
    .filter((finding) => !finding.delivery || finding.delivery.call === call.call)
    .forEach((finding) => parts.push(finding.code, finding.message, finding.expected, finding.found, finding.said || ""));
  detail.probes.forEach((probe) => parts.push(probe.asked.text, probe.body.text));
  entry.haystack = parts.join("\n").toLowerCase();
  return entry.haystack;
}
