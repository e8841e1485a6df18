// One chart: lines over the time of the run, with what each is and where it stands at the chosen moment.

const LEFT = 62, RIGHT = 14, TOP = 12, BOTTOM = 24, HEIGHT = 210;

// A chart is { id, title, note, series, format, none, whole, log }, a series { name, values, summary, look }.
class Chart {
  constructor(about) {
    this.about = about;
    this.log = Boolean(about.log && about.log());
    this.plot = h("div", { class: "plot" });
    this.values = about.series.map(() => h("b", {}));
    const flip = about.log && h("button", { type: "button", class: "small", "aria-pressed": String(this.log) }, "Powers of ten");
    if (flip) {
      flip.addEventListener("click", () => {
        this.log = !this.log;
        flip.setAttribute("aria-pressed", String(this.log));
        this.draw();
        this.mark(moment_);
      });
    }
    this.card = h("article", { class: "card chart", id: `chart-${about.id}`, "aria-labelledby": `title-${about.id}` },
      h("div", { class: "chart-head" }, h("h3", { id: `title-${about.id}` }, about.title), flip),
      about.none ? h("p", { class: "dim none" }, about.none) : [
        h("ul", { class: "keys" }, about.series.map((series, at) => h("li", {},
          s("svg", { width: 26, height: 10, "aria-hidden": "true" }, s("line", { class: `stroke ${series.look}`, x1: 1, x2: 25, y1: 5, y2: 5 })),
          h("span", {}, series.name), this.values[at]))),
        this.plot,
      ],
      about.note && h("p", { class: "dim note" }, about.note));
    this.mark(null);
  }

  draw() {
    const { about, plot } = this;
    if (about.none || !plot.clientWidth) return;
    const width = plot.clientWidth, end = ends[points - 1] || 1;
    const all = about.series.flatMap(({ values }) => values.filter((value) => value !== null));
    const max = all.reduce((a, b) => Math.max(a, b), 0), min = all.reduce((a, b) => (b > 0 ? Math.min(a, b) : a), max || 1);
    const scale = this.log ? logarithmic(min, max) : linear(max, 4, about.whole);
    this.x = (us) => LEFT + ((width - LEFT - RIGHT) * us) / end;
    this.y = (value) => HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * Math.min(1, scale.share(value));
    const lines = scale.ticks.map((value) => [s("line", { class: value ? "grid" : "axis", x1: LEFT, x2: width - RIGHT, y1: this.y(value), y2: this.y(value) }),
      s("text", { x: LEFT - 7, y: this.y(value) + 4, "text-anchor": "end" }, about.format(value))]);
    const times = moments(end, Math.max(2, Math.floor(width / 90))).map((us) => s("text", { x: this.x(us), y: HEIGHT - 7, "text-anchor": us ? "middle" : "start" }, moment(Math.round(us / 1000))));
    this.cross = s("line", { class: "cross", y1: TOP - 4, y2: HEIGHT - BOTTOM, visibility: "hidden" });
    this.dots = about.series.map(({ look }) => s("circle", { class: `dot ${look}`, r: 3.5, visibility: "hidden" }));
    const drawn = about.series.map((series) => this.line(series));
    const svg = s("svg", { width, height: HEIGHT, viewBox: `0 0 ${width} ${HEIGHT}`, role: "img", "aria-label": this.told() },
      lines, times, drawn, this.cross, this.dots);
    svg.addEventListener("pointermove", (event) => choose(this.at(event.clientX - svg.getBoundingClientRect().left)));
    fill(plot, svg);
  }

  // A line through the middle of each point, level at its ends; where nothing was measured there is none.
  line({ values, look }) {
    const runs = [];
    let run = null;
    values.forEach((value, at) => {
      if (value === null) return void (run = null);
      if (!run) runs.push((run = [[startOf(at), value]]));
      run.push([(startOf(at) + ends[at]) / 2, value]);
      if (at + 1 === points || values[at + 1] === null) run.push([ends[at], value]);
    });
    const path = (run) => "M" + run.map(([us, value]) => `${this.x(us).toFixed(1)} ${this.y(value).toFixed(1)}`).join("L");
    const floor = HEIGHT - BOTTOM;
    const area = look.includes("area") && runs.map((run) =>
      s("path", { class: "under", d: `${path(run)}L${this.x(run.at(-1)[0])} ${floor}L${this.x(run[0][0])} ${floor}Z` }));
    return [area, s("path", { class: `stroke ${look}`, d: runs.map(path).join("") })];
  }

  // Which point lies below.
  at(px) {
    const us = ((px - LEFT) * (ends[points - 1] || 1)) / (this.plot.clientWidth - LEFT - RIGHT);
    const found = ends.findIndex((end) => us <= end);
    return us < 0 ? 0 : found < 0 ? points - 1 : found;
  }

  // Shows the values at a moment; of the whole run where there is none.
  mark(at) {
    const { about } = this;
    about.series.forEach(({ values, summary }, index) => {
      const value = at === null ? null : values[at];
      this.values[index].textContent = at === null ? summary : value === null ? "–" : about.format(value);
      if (!this.dots) return;
      if (value === null) return this.dots[index].setAttribute("visibility", "hidden");
      build(this.dots[index], { cx: this.x((startOf(at) + ends[at]) / 2), cy: this.y(value), visibility: "visible" }, []);
    });
    if (this.cross && at === null) this.cross.setAttribute("visibility", "hidden");
    else if (this.cross) {
      const x = this.x((startOf(at) + ends[at]) / 2);
      build(this.cross, { x1: x, x2: x, visibility: "visible" }, []);
    }
  }

  told() {
    return `${this.about.title}: ${this.about.series.map(({ name, summary }) => `${name}, ${summary}`).join("; ")}`;
  }
}
