// Axes: round steps, and where a value stands.

// The smallest of 1, 2, 5, 10, 20 ... that is not below.
function roundUp(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((digit) => digit * power).find((step) => step >= value * 0.999999) || 10 * power;
}

// From nothing to the largest value, in about `count` steps.
function linear(max, count, whole) {
  let step = roundUp((max || 1) / count);
  if (whole) step = Math.max(1, step);
  const top = Math.max(step, Math.ceil(max / step - 1e-9) * step), ticks = [];
  for (let at = 0; at * step <= top * 1.000001; at += 1) ticks.push(at * step);
  return { ticks, share: (value) => value / top };
}

// By powers of ten around all values.
function logarithmic(min, max) {
  const low = Math.floor(Math.log10(Math.max(min, 1))), high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(max, 10))));
  const ticks = [];
  for (let power = low; power <= high; power += 1) ticks.push(10 ** power);
  return { ticks, share: (value) => Math.max(0, (Math.log10(Math.max(value, 1)) - low) / (high - low)) };
}

const SPANS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200].map((second) => second * 1e6);

// Round moments of the run, no more than there is room for.
function moments(end, room) {
  const step = SPANS.find((span) => end / span <= room) || 86400e6, ticks = [];
  for (let at = 0; at <= end; at += step) ticks.push(at);
  return ticks;
}
