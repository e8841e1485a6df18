// What happens in a call whether or not the vendor pushes it: the server's list, and its place between the rungs of the pushes.
// Without that list a ladder tells what its pushes were sent for.

const HAPPENINGS_AGAIN_MS = 1000;
// A push that leaves within this time of what it tells shares a rung with it.
const SHARED_MAX_MS = 1000;

// Asks for what happens in the call that is shown, where there is news of it. In a run of many calls the newest changes all
// the time, so that only one that was chosen is asked for.
function followHappenings(run, call) {
  const isStill = run.shownCall === call.label || !(run.callsPlanned > 1) || isOver(run);
  if (!call.label || run.tellsNoHappenings || !isStill || call.soon || call.knownAt === call.version) return;
  call.soon = setTimeout(async () => {
    const version = call.version, told = await get(runPath(run, `/calls/${encodeURIComponent(call.label)}`)).catch(() => null);
    call.askedAt = performance.now();
    call.soon = 0;
    call.knownAt = version;
    if (!told) return;
    if (!told.happenings) return void (run.tellsNoHappenings = true);
    if (told.now_ms !== undefined && !isOver(run)) setNow(run, told.now_ms);
    const before = call.happenings || [];
    call.happenings = told.happenings.map(({ offset_ms: at, words, who, name }, index) => {
      const known = before[index];
      return known && known.at === at && known.words === words ? known : { kind: "happens", at, words, who, name, version: 0 };
    });
    touch(run);
  }, Math.max(0, (call.askedAt || 0) + HAPPENINGS_AGAIN_MS - performance.now()));
}

// The rungs of a call with what happens between them, in order of scenario time.
function withHappenings(run, call) {
  const { rungs, happenings } = call;
  if (!happenings) return rungs;
  const now = run.state === "finished" ? Infinity : nowOf(run), first = call.rungsLeft > 0 && rungs.length ? rungs[0].at || 0 : 0;
  const list = happenings.filter(({ at }) => at <= now && at >= first), all = [];
  let next = 0;
  for (const made of rungs) {
    let shares = false, who;
    // What was done by hand stands before what came of it.
    const isDue = (one) => made.at !== undefined && (one.at < made.at || (one.at === made.at && made.kind !== "driven"));
    while (!shares && next < list.length && isDue(list[next])) {
      shares = made.happening === list[next].words && made.at - list[next].at <= SHARED_MAX_MS;
      if (shares) who = list[next].who;
      else all.push(list[next]);
      next += 1;
    }
    if (made.happening && made.shares !== shares) Object.assign(made, { shares, who }), renew(made);
    all.push(made);
  }
  return [...all, ...list.slice(next)];
}

// What happens, as far as the rung of a push has to tell it.
const toldBy = (made) => (made.happening && (!made.push.call.happenings || made.shares) ? made.happening : "");
