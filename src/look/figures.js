// Figures and times as people read them.

// A measured time, in microseconds.
function took(us) {
  if (us === undefined || us === null) return "";
  if (us < 1000) return `${us} µs`;
  if (us < 10000) return `${(us / 1000).toFixed(1)} ms`;
  if (us < 1000000) return `${Math.floor(us / 1000)} ms`;
  return `${(us / 1000000).toFixed(1)} s`;
}

// A length of scenario time, in milliseconds: 1 h 3 min.
function lasts(ms) {
  if (ms < 1000) return `${ms} ms`;
  const parts = [[86400000, "d"], [3600000, "h"], [60000, "min"], [1000, "s"]];
  const words = [];
  for (const [size, unit] of parts) {
    const whole = unit === "s" ? Math.round(ms / 100) / 10 : Math.floor(ms / size);
    if (whole > 0 && words.length < 2) words.push(`${whole} ${unit}`);
    ms -= unit === "s" ? 0 : whole * size;
  }
  return words.join(" ");
}

// A point of scenario time on the axis: 1:04.250, 27:00:05.
function moment(ms) {
  const pad = (number, width) => String(number).padStart(width, "0");
  const seconds = Math.floor(ms / 1000), hours = Math.floor(seconds / 3600);
  const rest = ms % 1000 ? `.${pad(ms % 1000, 3)}` : "";
  const minutes = Math.floor(seconds / 60) % 60;
  return hours > 0
    ? `${hours}:${pad(minutes, 2)}:${pad(seconds % 60, 2)}${rest}`
    : `${minutes}:${pad(seconds % 60, 2)}${rest}`;
}
