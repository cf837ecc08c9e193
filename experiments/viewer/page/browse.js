// A stored sweep: a measure over two factors, each point of it a run that can be watched again.

import { css } from "./colours.js";

const MOST_LEVELS = 60; // of a factor whose values are cells; beyond that points

let loading = null;

function plotly() { // three megabytes: only for who looks at a sweep
  loading ??= new Promise((resolve, reject) => {
    const script = Object.assign(document.createElement("script"), { src: "/plotly.min.js" });
    script.onload = () => resolve(window.Plotly);
    script.onerror = () => reject(new Error("Plotly is not to be had"));
    document.head.append(script);
  });
  return loading;
}

const levels = (values) => [...new Set(values)].sort((a, b) => (typeof a === "number" ? a - b : String(a).localeCompare(String(b))));
const mean = (values) => values.reduce((sum, one) => sum + one, 0) / values.length;

export class Browser {
  constructor(dialog, about, onRun) {
    this.dialog = dialog;
    this.about = about;
    this.stored = about.stored;
    this.onRun = onRun;
  }

  async show() {
    if (!this.plot) this._build();
    this.dialog.showModal();
    await this._draw();
  }

  _build() {
    const { stored, dialog } = this;
    dialog.style.maxWidth = "min(900px, 96vw)";
    const add = (name, text, host = dialog) => host.appendChild(Object.assign(document.createElement(name), { textContent: text }));
    add("h2", stored.name);
    add("p", `${stored.question} ${stored.finished.toLocaleString("en")} runs of ${stored.periods} periods. Click a point to watch that very run.`);
    const row = add("p", "");
    this.picks = {};
    const pick = (key, label, options, start) => {
      const own = add("label", ` ${label} `, row);
      const select = own.appendChild(document.createElement("select"));
      for (const option of options) select.add(new Option(option.replaceAll("_", " "), option));
      select.value = start;
      select.addEventListener("change", () => this._draw());
      this.picks[key] = select;
    };
    const { factors, measures } = stored;
    pick("measure", "colour", measures, measures[0]);
    pick("x", "across", [...factors, ...measures], factors[0] ?? measures[0]);
    pick("y", "up", [...factors, ...measures], factors[1] ?? measures[1] ?? measures[0]);
    this.plot = add("div", "");
    this.plot.className = "plot";
    const buttons = add("div", "");
    buttons.className = "buttons";
    const close = add("button", "Close", buttons);
    close.addEventListener("click", () => dialog.close());
  }

  async _draw() {
    const Plotly = await plotly();
    const { runs } = this.stored;
    const [x, y, measure] = ["x", "y", "measure"].map((key) => this.picks[key].value);
    const across = levels(runs[x]), up = levels(runs[y]);
    const factors = this.stored.factors.includes(x) && this.stored.factors.includes(y) && x !== y;
    const cells = factors && across.length <= MOST_LEVELS && up.length <= MOST_LEVELS;
    const trace = cells ? this._cells(x, y, measure, across, up) : this._points(x, y, measure);
    const axis = (name) => ({ title: { text: name.replaceAll("_", " ") }, gridcolor: css("line"), zeroline: false, type: cells ? "category" : undefined });
    await Plotly.react(this.plot, [trace], {
      width: Math.min(860, innerWidth * 0.9), height: Math.min(520, innerHeight * 0.62), margin: { t: 16, r: 10, l: 64, b: 52 },
      xaxis: axis(x), yaxis: axis(y), paper_bgcolor: css("paper"), plot_bgcolor: css("paper"), font: { color: css("ink") },
    }, { displaylogo: false, responsive: false });
    if (!this.hearing) {
      this.hearing = true;
      this.plot.on("plotly_click", (event) => this._chosen(event.points[0]));
    }
  }

  _cells(x, y, measure, across, up) {
    const { runs } = this.stored;
    const inside = new Map();
    runs[measure].forEach((value, k) => {
      const key = `${runs[x][k]} ${runs[y][k]}`;
      if (!inside.has(key)) inside.set(key, []);
      inside.get(key).push(k);
    });
    const of = (a, b) => (inside.get(`${a} ${b}`) ?? []).filter((k) => runs[measure][k] !== null);
    // of each cell the run that is nearest to its mean stands for it
    this.standing = up.map((b) => across.map((a) => {
      const own = of(a, b);
      const middle = own.length ? mean(own.map((k) => runs[measure][k])) : null;
      return own.reduce((best, k) => (best === null || Math.abs(runs[measure][k] - middle) < Math.abs(runs[measure][best] - middle) ? k : best), null);
    }));
    const means = up.map((b) => across.map((a) => (of(a, b).length ? mean(of(a, b).map((k) => runs[measure][k])) : null)));
    const many = up.map((b) => across.map((a) => of(a, b).length));
    return {
      type: "heatmap", x: across, y: up, z: means, text: many, colorscale: "Cividis", colorbar: { title: { text: measure.replaceAll("_", " ") } },
      hovertemplate: `${x} %{x}<br>${y} %{y}<br>mean ${measure} %{z:.3g} of %{text} runs<br>click: the run nearest to it<extra></extra>`,
    };
  }

  _points(x, y, measure) {
    const { runs } = this.stored;
    this.standing = null;
    return {
      type: "scatter", mode: "markers", x: runs[x], y: runs[y], customdata: runs[measure].map((_, k) => k),
      marker: { color: runs[measure], colorscale: "Cividis", size: 7, colorbar: { title: { text: measure.replaceAll("_", " ") } } },
      hovertemplate: `${x} %{x}<br>${y} %{y}<br>${measure} %{marker.color:.3g}<br>click: this run<extra></extra>`,
    };
  }

  _pointInWords(k) {
    const { runs, factors } = this.stored;
    return factors.filter((name) => runs[name][k] !== null).map((name) => `${name.replaceAll("_", " ")} ${runs[name][k]}`).join(", ");
  }

  _chosen(point) {
    const { runs, factors, factor_of_scenario: scenarioFactor } = this.stored;
    const k = this.standing ? this.standing[point.pointIndex[0]][point.pointIndex[1]] : point.customdata;
    if (k === null || k === undefined) return;
    const parameters = { seed: runs.seed[k] };
    let { scenario } = this.stored;
    for (const name of factors) {
      if (runs[name][k] === null) continue;
      if (name === scenarioFactor) scenario = `sweep: ${runs[name][k]}`;
      else parameters[name] = runs[name][k];
    }
    this.dialog.close();
    this.onRun({ scenario, parameters, fingerprint: runs.fingerprint[k], name: `${this._pointInWords(k)} (replicate ${runs.replicate[k]})` });
  }
}
