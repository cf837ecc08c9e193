// Small charts on canvases, drawn several times a second; Plotly would take a frame for each.

import { css } from "./colours.js";
import { SIDES } from "./state.js";

// Places in a row of a series (watched.py: the period, SERIES, ties ended, ties begun).
export const AT = {
  period: 0, dissent: 1, silence: 2, praise: 3, selfCensorship: 4, score: 5, dissenters: 6,
  others: 7, ended: 8, begun: 9,
};
const PLAIN = [];
const MARGIN = { left: 38, right: 6, top: 5, bottom: 16 };

const share = (x) => `${Math.round(x * 100)} %`;
const plainNumber = (x) => (x >= 1000 ? `${Math.round(x / 100) / 10}k` : `${Math.round(x * 10) / 10}`);

export const CHARTS = [
  { title: "Said", hint: "What is said in public", unit: share, top: 1, lines: [["dissent", "dissent", AT.dissent], ["silence", "silence", AT.silence], ["praise", "praise", AT.praise]] },
  { title: "Self-censorship", hint: "Share of private critics who don't dissent", unit: share, top: 1, lines: [["", "differ", AT.selfCensorship]] },
  { title: "Ties a period", hint: "Friendships that ended and began in each period", unit: plainNumber, lines: [["ended", "gone", AT.ended], ["begun", "come", AT.begun]] },
  { title: "Friends of", hint: "Mean number of friends", unit: plainNumber, fit: true, lines: [["dissenters", "dissent", AT.dissenters], ["others", "accent", AT.others]] },
];

function frameFor(host, title, lines, hint = "") {
  const figure = document.createElement("figure");
  figure.title = hint;
  const caption = document.createElement("figcaption");
  const name = document.createElement("b");
  name.textContent = title;
  caption.append(name);
  for (const [label, colour] of lines) {
    if (!label) continue;
    const key = document.createElement("span");
    const mark = document.createElement("i");
    mark.style.background = `var(--${colour})`;
    key.append(mark, label);
    caption.append(key);
  }
  const canvas = document.createElement("canvas");
  canvas.setAttribute("role", "img");
  figure.append(caption, canvas);
  host.append(figure);
  return canvas;
}

function sheet(canvas) {
  const ratio = window.devicePixelRatio || 1;
  const width = canvas.clientWidth, height = canvas.clientHeight;
  if (canvas.width !== Math.round(width * ratio)) canvas.width = Math.round(width * ratio);
  if (canvas.height !== Math.round(height * ratio)) canvas.height = Math.round(height * ratio);
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  context.font = "11px system-ui, sans-serif";
  return { context, width, height };
}

class LineChart {
  constructor(host, options) {
    this.options = options;
    this.canvas = frameFor(host, options.title, options.lines, options.hint);
  }

  // From 0 to the largest value; where what matters is a difference, around all of them.
  _range(worlds) {
    if (this.options.top) return [0, this.options.top];
    let low = Infinity, top = -Infinity;
    for (const series of worlds)
      for (const row of series)
        for (const [, , at] of this.options.lines) {
          if (row[at] === null) continue;
          if (row[at] > top) top = row[at];
          if (row[at] < low) low = row[at];
        }
    if (top < low) return [0, 1];
    if (!this.options.fit) return [0, top * 1.05 || 1];
    const spare = Math.max((top - low) * 0.1, 0.25);
    return [Math.max(low - spare, 0), top + spare];
  }

  draw(worlds, marks) {
    const { context, width, height } = sheet(this.canvas);
    const rows = worlds[0] || PLAIN;
    const last = rows.length ? rows[rows.length - 1][AT.period] : 0;
    const { lines, unit } = this.options;
    const [low, top] = this._range(worlds);
    const across = width - MARGIN.left - MARGIN.right, up = height - MARGIN.top - MARGIN.bottom;
    const x = (period) => MARGIN.left + (last ? period / last : 0) * across;
    const y = (value) => MARGIN.top + up * (1 - (value - low) / (top - low));
    context.fillStyle = css("dim");
    context.strokeStyle = css("line");
    context.lineWidth = 1;
    context.textAlign = "right";
    for (const part of [0, 0.5, 1]) {
      const value = low + (top - low) * part;
      context.beginPath();
      context.moveTo(MARGIN.left, Math.round(y(value)) + 0.5);
      context.lineTo(width - MARGIN.right, Math.round(y(value)) + 0.5);
      context.stroke();
      context.fillText(unit(value), MARGIN.left - 4, y(value) + (part === 1 ? 8 : part ? 4 : 0));
    }
    context.fillText(`period ${last}`, width - MARGIN.right, height - 4);
    marks.forEach((mark, k) => {
      context.strokeStyle = context.fillStyle = css("ink");
      context.setLineDash(mark.world ? [3, 3] : []);
      context.beginPath();
      context.moveTo(Math.round(x(mark.at)) + 0.5, MARGIN.top);
      context.lineTo(Math.round(x(mark.at)) + 0.5, MARGIN.top + up);
      context.stroke();
      context.setLineDash([]);
      const left = x(mark.at) > width / 2; // words stand on the side that has room
      context.textAlign = left ? "right" : "left";
      context.fillText(k + 1, x(mark.at) + (left ? -3 : 3), MARGIN.top + 9);
    });
    worlds.forEach((series, k) => {
      context.setLineDash(k ? [4, 3] : []);
      context.lineWidth = 1.6;
      for (const [, colour, at] of lines) {
        context.strokeStyle = css(colour);
        context.beginPath();
        let pen = false;
        const stride = Math.max(Math.floor(series.length / (2 * across)), 1);
        const end = series.length - 1;
        for (let r = 0; r <= end; r = r < end && r + stride > end ? end : r + stride) {
          const value = series[r][at];
          if (value === null) { pen = false; continue; }
          if (pen) context.lineTo(x(series[r][AT.period]), y(value));
          else context.moveTo(x(series[r][AT.period]), y(value));
          pen = true;
        }
        context.stroke();
      }
    });
    context.setLineDash([]);
    const now = lines.map(([label, , at]) => {
      const value = rows.length ? rows[rows.length - 1][at] : null;
      return `${label} ${value === null ? "none" : unit(value)}`;
    });
    this.canvas.setAttribute("aria-label", `${this.options.title} in period ${last}: ${now.join(", ")}`);
  }
}

class Bars {
  constructor(host) {
    this.canvas = frameFor(host, "Scores, with the thresholds", [], "How many citizens have which score; from 700 on the travel permit, from 750 on the better visa");
  }

  draw(worlds, thresholds) {
    const { context, width, height } = sheet(this.canvas);
    const across = width - MARGIN.left - MARGIN.right, up = height - MARGIN.top - MARGIN.bottom;
    const top = Math.max(1, ...worlds.flat());
    const x = (score) => MARGIN.left + ((score - 350) / 600) * across;
    context.fillStyle = css("dim");
    context.textAlign = "center";
    for (const score of [350, 500, 700, 750, 950])
      if (score !== 750) context.fillText(score, Math.min(x(score), width - 14), height - 4);
    worlds.forEach((bars, k) => {
      const step = across / bars.length;
      context.fillStyle = css(k ? "differ" : "accent");
      context.strokeStyle = css("differ");
      context.beginPath();
      bars.forEach((many, b) => {
        const tall = (many / top) * up;
        if (!k) context.fillRect(MARGIN.left + b * step, MARGIN.top + up - tall, Math.max(step - 1, 1), tall);
        else context.lineTo(MARGIN.left + (b + 0.5) * step, MARGIN.top + up - tall);
      });
      if (k) context.stroke();
    });
    context.strokeStyle = css("ink");
    thresholds.forEach((own, k) => {
      context.setLineDash(k ? [3, 3] : []);
      for (const score of own) {
        context.beginPath();
        context.moveTo(Math.round(x(score)) + 0.5, MARGIN.top);
        context.lineTo(Math.round(x(score)) + 0.5, MARGIN.top + up);
        context.stroke();
      }
      context.setLineDash([]);
    });
    this.canvas.setAttribute("aria-label", "How many citizens have which score");
  }
}

export class Charts {
  constructor(host) {
    this.key = host.appendChild(document.createElement("div"));
    this.key.className = "key";
    this.lines = CHARTS.map((options) => new LineChart(host, options));
    this.bars = new Bars(host);
    this.lines[0].canvas.parentElement.after(this.bars.canvas.parentElement);
    this.marks = host.appendChild(document.createElement("ol"));
    this.marks.className = "marks";
    this.marks.setAttribute("aria-label", "What was changed while the society lived");
    this.listed = "";
    this.titles = [];
  }

  // Which line is whose: `titles` of the societies.
  show(titles) {
    this.titles = titles;
    this.key.replaceChildren(...(titles.length < 2 ? [] : titles.map((title, k) => {
      const one = document.createElement("span"), mark = document.createElement("i");
      mark.className = SIDES[k];
      one.append(mark, title);
      return one;
    })));
  }

  draw(societies, marks, thresholds) {
    this._list(marks);
    for (const chart of this.lines) chart.draw(societies.map((one) => one.series), marks);
    this.bars.draw(societies.map((one) => one.bars), thresholds);
  }

  // In words what the numbered marks are.
  _list(marks) {
    const words = marks.map(({ at, world, label }) => `period ${at}: ${label}${this.titles.length > 1 ? ` (${SIDES[world]})` : ""}`);
    if (words.join("\n") === this.listed) return;
    this.listed = words.join("\n");
    this.marks.replaceChildren(...words.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
  }
}
