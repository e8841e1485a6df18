// What only a run has words for.

// A shell word within single quotes.
const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

// A request as a shell command.
function curl(sent) {
  const lines = [`curl --request ${sent.method} ${quoted(sent.url)}`];
  for (const [name, value] of sent.headers) lines.push(`--header ${quoted(`${name}: ${value}`)}`);
  if (sent.body.text) lines.push(`--data-binary ${quoted(sent.body.text)}`);
  return lines.join(" \\\n  ");
}

const OUTCOMES = {
  passed: { sign: "✓", word: "passed" },
  failed: { sign: "✗", word: "failed" },
  unknown: { sign: "?", word: "not found out" },
  pending: { sign: "●", word: "pending" },
};
