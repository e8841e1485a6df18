// The lanes of a ladder: who takes part, where each stands, and between whom something happens.

const AXIS_PX = 56, EDGE_PX = 20;
// Below this width there is room for the pushes alone.
const NARROW_PX = 470;
const LANES = ["customer", "queue", "agents", "platform", "receiver"];

// Where the lanes stand in this width. The right half belongs to the pushes, whose names are long.
function lanesIn(width) {
  if (width < NARROW_PX) {
    const platform = AXIS_PX + 8, receiver = width - EDGE_PX;
    return { width, isNarrow: true, names: ["platform", "receiver"], customer: platform, queue: platform, agents: platform, platform, receiver };
  }
  const customer = AXIS_PX + 32, platform = Math.round(AXIS_PX + Math.max(236, (width - AXIS_PX) * 0.46));
  const step = (platform - customer) / 3;
  return { width, names: LANES, customer, queue: customer + step, agents: customer + 2 * step, platform, receiver: width - EDGE_PX - 14 };
}

// Between whom it happens, by the words in which it is told: from one lane to another, or at one alone.
const BETWEEN = [
  [/^the call starts/, "customer", "platform"],
  [/^the customer's phone rings/, "platform", "customer"],
  [/phone rings$/, "platform", "agents"],
  [/^the customer (waits|is placed)/, "customer", "queue"],
  [/is reserved$/, "queue", "agents"],
  [/^the customer (hears|is asked)/, "platform", "customer"],
  [/^the customer is (put on hold|taken back)/, "agents", "customer"],
  [/^the customer's side hangs up/, "customer", "platform"],
  [/^the agent's side hangs up/, "agents", "platform"],
  [/^the platform hangs up/, "platform", "customer"],
  [/^the (robot|platform) (writes|sends)/, "platform", "customer"],
  [/^(the conversation is over|the lines are|the recording|the transcript|the platform|the robot|taken up)/, "platform", "platform"],
  [/^(transfer|consult|conference|listen|whisper|barge|intercept): the customer/, "customer", "platform"],
  [/^the customer/, "customer", "platform"],
  [/(answers|joins|does not answer|changes state|logs in|logs out|takes the customer|writes|sends a \w+|hands the chat|has read|ends the chat)/, "agents", "platform"],
];

// Whom it is about, where the words are not known.
const ABOUT = { customer: ["customer", "platform"], queue: ["queue", "queue"], agent: ["agents", "platform"] };

function between(words, who) {
  // Who calls is not in the words.
  const found = who && /^the call starts/.test(words) ? null : BETWEEN.find(([told]) => told.test(words));
  return found ? [found[1], found[2]] : ABOUT[who] || ["platform", "platform"];
}

const LANE_HEADS_PX = 30;

// The heads of the lanes, as a drawing of their own that stays while the rungs scroll.
function laneHeadsOf(at, run) {
  const svg = s("svg", { "aria-hidden": "true" });
  const host = hostOf((run.targets || [])[0]), room = at.queue - at.customer + 8;
  const head = (x, name, most) => svg.append(...laneHead(x, name, { top: 4, height: 21, pad: 6, room: most, from: AXIS_PX - 8, to: at.width - 2 }));
  if (!at.isNarrow) {
    head(at.customer, tr("customer"), room + 20);
    head(at.queue, tr("queue"), room);
    head(at.agents, tr("agents"), room);
  }
  head(at.platform, run.vendor, at.isNarrow ? 100 : room + 30);
  const more = run.targets && run.targets.length > 1 ? ` +${run.targets.length - 1}` : "";
  head(at.receiver, `${tr("receiver")}${host ? `  ${host}` : ""}${more}`, at.receiver - at.platform - (at.isNarrow ? 24 : room / 2));
  return svg;
}
