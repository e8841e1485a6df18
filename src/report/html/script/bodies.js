// A body of a push or of an answer, with a switch between readable and as sent.

function bodyOf(body, headers, what) {
  if (!body || (!body.text && !body.left)) return h("p", { class: "dim" }, `No body in the ${what}.`);
  const nice = readable(body.text, headers);
  const code = h("code", {}, nice);
  const parts = [h("pre", { class: "body", tabindex: "0", "aria-label": `Body of the ${what}` }, code)];
  if (nice !== body.text) {
    const flip = h("button", { type: "button", class: "small", "aria-pressed": "false" }, "As it was sent");
    flip.addEventListener("click", () => {
      const raw = flip.getAttribute("aria-pressed") !== "true";
      flip.setAttribute("aria-pressed", raw);
      code.textContent = raw ? body.text : nice;
    });
    parts.push(flip);
  }
  if (body.left) parts.push(h("p", { class: "dim" }, `${plural(body.left, "further byte")} are not in this report.`));
  return parts;
}
