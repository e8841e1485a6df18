// Headers, times and bodies as people read them, without changing a letter of what they say.

const headerOf = (headers, name) => (headers.find(([known]) => known.toLowerCase() === name) || ["", ""])[1];

// JSON with line breaks and indentation. Its tokens stay as they are: large numbers keep every digit, and a key that
// stands twice stands twice.
function indented(text) {
  JSON.parse(text);
  const token = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;
  const tokens = text.match(token) || [];
  let depth = 0, out = "";
  const line = () => "\n" + "  ".repeat(depth);
  tokens.forEach((part, at) => {
    const next = tokens[at + 1], before = tokens[at - 1];
    if (part === "{" || part === "[") {
      depth += 1;
      out += part + (next === "}" || next === "]" ? "" : line());
    } else if (part === "}" || part === "]") {
      depth -= 1;
      out += (before === "{" || before === "[" ? "" : line()) + part;
    } else if (part === ",") out += "," + line();
    else if (part === ":") out += ": ";
    else out += part.startsWith('"') ? unescaped(part) : part;
  });
  return out;
}

// A JSON string whose \u escapes of ordinary letters are letters.
function unescaped(string) {
  return string.replace(/\\\\|\\u([0-9a-fA-F]{4})/g, (all, code) => {
    const letter = code && String.fromCharCode(parseInt(code, 16));
    return letter && letter > "\u009f" && !/[\u2028\u2029\u200b-\u200f\u202a-\u202e\ufeff]/.test(letter) ? letter : all;
  });
}

// A form, one field a line, decoded.
function fields(text) {
  return text.split("&").map((pair) => {
    const [name, ...value] = pair.split("=");
    const plain = (part) => decodeURIComponent(part.replaceAll("+", " "));
    return `${plain(name)} = ${plain(value.join("="))}`;
  }).join("\n");
}

// The body in its readable form; as it is where it has none.
function readable(text, headers) {
  const kind = headerOf(headers, "content-type").toLowerCase();
  try {
    if (kind.includes("x-www-form-urlencoded")) return fields(text);
    if (/^\s*[{[]/.test(text)) return indented(text);
  } catch {
    // Not what it says it is: shown as it came.
  }
  return text;
}

const headersTable = (headers) => headers && headers.length > 0 && h("table", { class: "headers" },
  h("tbody", {}, headers.map(([name, value]) => h("tr", {}, h("th", { scope: "row" }, name), h("td", {}, value)))));

const timesLine = ({ connect_us: connect, tls_us: tls, first_byte_us: first, total_us: total }) => h("p", { class: "dim" },
  [[tr("connect"), connect], [tr("TLS"), tls], [tr("first byte"), first], [tr("in all"), total]]
    .filter(([, us]) => us !== undefined && us !== null).map(([name, us]) => `${name} ${took(us)}`).join(" · "));
