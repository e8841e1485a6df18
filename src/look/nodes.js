// Elements. Every text from outside comes in as a text node, so that none of it is ever read as markup.

const SVG = "http://www.w3.org/2000/svg";

function build(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  for (const child of children.flat(9)) {
    if (child === undefined || child === null || child === false || child === "") continue;
    element.append(child instanceof Node ? child : String(child));
  }
  return element;
}

const h = (name, attributes, ...children) => build(document.createElement(name), attributes, children);
const s = (name, attributes, ...children) => build(document.createElementNS(SVG, name), attributes, children);
// Puts these children in the place of those that are there.
function fill(element, ...children) {
  element.replaceChildren();
  return build(element, {}, children);
}

const byId = (id) => document.getElementById(id);

// Tells people who listen to the page.
function say(text) {
  byId("said").textContent = text;
}

async function copy(text, button) {
  let done = true;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // A page from a file may not use the clipboard: the old way.
    const field = h("textarea", { class: "unseen", readonly: true, "aria-hidden": "true" });
    field.value = text;
    document.body.append(field);
    field.select();
    done = document.execCommand("copy");
    field.remove();
    button.focus();
  }
  const label = done ? tr("Copied") : tr("Select it by hand");
  button.textContent = label;
  say(label);
  setTimeout(() => (button.textContent = tr("Copy")), 1500);
}

// A command with a button that copies it.
function command(text, label) {
  const button = h("button", { type: "button", class: "copy", "aria-label": tr("Copy {what}", { what: label }) }, tr("Copy"));
  button.addEventListener("click", () => copy(text, button));
  return h("div", { class: "command" }, h("pre", { tabindex: "0", "aria-label": label }, h("code", {}, text)), button);
}

const chip = (kind, ...children) => h("span", { class: `chip ${kind}` }, ...children);
