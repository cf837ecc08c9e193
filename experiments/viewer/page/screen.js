// The pictures side by side, the view that they share, and when what is drawn.

import { showTip } from "./legend.js";
import { Picture } from "./picture.js";
import { state, thresholdsOf } from "./state.js";

const CHARTS_EVERY = 150; // milliseconds
const FARTHEST = 0.5, NEAREST = 60;

const $ = (id) => document.getElementById(id);

export class Screen {
  // `onDrawn`: told that all that came has been drawn; `onChosen`: of somebody who was clicked.
  constructor(charts, { onDrawn, onChosen }) {
    Object.assign(this, { charts, onDrawn, onChosen });
    this.wished = false;
    this.chartsDrawn = 0;
    this.chartTimer = 0;
  }

  // A picture for each society, side by side.
  layOut(worlds) {
    if (state.pictures.length !== worlds.length) {
      $("pictures").replaceChildren();
      state.pictures = worlds.map(() => {
        const host = document.createElement("div");
        host.className = "picture";
        $("pictures").append(host);
        return new Picture(host, {
          wish: () => this.wish(), view: (view) => this.setView(view),
          hover: (picture, event) => showTip($("tip"), picture, event),
          choose: (picture, i) => this.onChosen(i, state.pictures.indexOf(picture)),
        });
      });
    }
    for (const picture of state.pictures) picture.begin(state.n);
    this.showAll();
  }

  setView(view) {
    state.view = view;
    for (const picture of state.pictures) {
      picture.view = view;
      picture.moved();
    }
  }

  showAll() { this.setView({ x: 0, y: 0, zoom: 1 }); }

  nearer(by) { // about the middle
    const zoom = Math.min(Math.max(state.view.zoom * by, FARTHEST), NEAREST);
    const real = zoom / state.view.zoom;
    this.setView({ x: state.view.x * real, y: state.view.y * real, zoom });
  }

  wish() {
    if (this.wished) return;
    this.wished = true;
    requestAnimationFrame((now) => this._draw(now));
  }

  _draw(now) {
    this.wished = false;
    const { pictures } = state;
    for (const picture of pictures) picture.draw(state.by, now, $("differ").checked);
    this.onDrawn(now);
    $("period").textContent = `period ${state.period}`;
    if (now - this.chartsDrawn > CHARTS_EVERY) this.drawCharts(now);
    else this.chartTimer ||= setTimeout(() => { this.chartTimer = 0; this.drawCharts(performance.now()); }, CHARTS_EVERY);
    if (pictures.some((one) => one.flashes.length || one.dirty) && pictures.every((one) => one.place)) this.wish();
  }

  drawCharts(now) {
    this.chartsDrawn = now;
    this.charts.draw(state.societies, state.marks, state.societies.map((_, k) => thresholdsOf(k)));
    state.pictures.forEach((picture, k) => {
      const { series } = state.societies[k];
      const row = series[series.length - 1];
      if (row) picture.title.replaceChildren(...this._caption(picture, k, row));
    });
  }

  _caption(picture, k, row) {
    const parts = [`${Math.round(row[1] * 100)} % dissent, ${picture.many.toLocaleString("en")} ties`];
    if (picture.other && $("differ").checked) parts.push(`${picture.quieter().toLocaleString("en")} are quiet here who dissent beside`);
    const title = state.societies.length > 1 ? state.worlds[k].title : "";
    return [Object.assign(document.createElement("b"), { textContent: title }), ` ${parts.join("; ")}`];
  }
}
