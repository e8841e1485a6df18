// Phrases that the API tells in English: what happens in a call, and what can be done by hand.

let language = "en";

function speak(code) {
  language = code;
  dictionary = code === "zh" ? CHINESE : {};
  document.documentElement.lang = code === "zh" ? "zh-CN" : "en";
}

// What happens, in the chosen language.
function happening(words) {
  if (language !== "zh" || !words) return words;
  const found = CHINESE_HAPPENINGS.find(([told]) => told.test(words));
  return found ? words.replace(found[0], found[1]).replaceAll("the customer", "客户").replaceAll("the platform", "平台") : words;
}

// Pushes that go by a number, with the name that says what they are.
const pushNames = new Map();

function pushName(name) {
  const known = pushNames.get(name);
  return known ? `${name} ${language === "zh" ? known.title : known.alias.split(":").at(-1)}` : name;
}

const VERBS = {
  ring: "Ring", answer: "Answer", decline: "Decline", hangup: "Hang up", hold: "Hold", resume: "Take back", transfer: "Transfer to", enqueue: "Into the queue",
  keys: "Press keys", ivr: "Into the menu", lock: "Reserve", consult: "Consult", conference: "Conference", listen: "Listen in", whisper: "Whisper",
  barge: "Barge in", intercept: "Intercept", voicemail: "Leave a message", survey: "Answer the survey", record: "Recording ready", login: "Log in", logout: "Log out",
  say: "Write", read: "Read", disconnect: "End the chat", create: "Create", schedule: "Schedule", start: "Start", finish: "Finish", fail: "Fail", cancel: "Cancel",
  delete: "Delete", revoke: "Revoke", collapse: "Collapse",
};
const VERB_ORDER = Object.keys(VERBS);

// A step as its button names it: `hangup: customer` is "Hang up customer".
function stepLabel(step) {
  const [, verb, rest] = /^([a-z]+)(?::\s*(.*))?$/s.exec(step) || [null, step, ""];
  const by = /by:\s*(\w+)/.exec(rest || "");
  const whom = by ? by[1] : (rest || "").replaceAll('"', "");
  return { verb, label: VERBS[verb] ? tr(VERBS[verb]) : verb, whom: whom === "customer" ? tr("customer") : whom === "system" ? tr("platform") : whom };
}

const BY_HAND = [
  [/^pause$/, "pause"], [/^go on$/, "go on"], [/^let one push leave$/, "let one push leave"], [/^pace (.+)$/, "pace {0}"], [/^drop the next push$/, "drop the next push"],
  [/^repeat the last push$/, "repeat the last push"], [/^swap the next two pushes$/, "swap the next two pushes"],
  [/^delay the next push by (.+)$/, "delay the next push by {0}"], [/^refuse connections for (.+)$/, "refuse connections for {0}"],
];

// What was done by hand, as the ladder names it.
function byHand(what) {
  for (const [told, phrase] of BY_HAND) {
    const found = told.exec(what);
    if (found) return tr(phrase, { 0: found[1] });
  }
  const { label, whom } = stepLabel(what);
  return [label, whom].filter(Boolean).join(" ");
}
