// The friendship graph. Two canvases lie on each other: all ties, drawn anew only when they change
// or the view moves; and people with what happens, drawn every frame. Both are written pixel by
// pixel, so that no graphics card is needed (`scored bench --only viewer`).

import { css, palette, rgb, word } from "./colours.js";

const TIES_EVERY = 400; // milliseconds between two drawings of all ties
const FLASH = 14; // frames for which a tie that ended or began is seen
const MOST_FLASHES = 4000;
const REACH = 14; // pixels within which the pointer finds somebody

export class Picture {
  constructor(host, events) {
    this.host = host.appendChild(document.createElement("div"));
    this.host.className = "sheet";
    this.events = events;
    this.ties = document.createElement("canvas");
    this.people = document.createElement("canvas");
    this.title = document.createElement("div");
    this.title.className = "title";
    this.host.append(this.ties, this.people);
    host.append(this.title);
    this.n = 0;
    this.place = null;
    this.view = { x: 0, y: 0, zoom: 1 };
    this.chosen = -1;
    this.flashes = [];
    this.drawn = 0;
    this._hear();
    new ResizeObserver(() => this._resize()).observe(this.host);
    this._resize();
  }

  begin(n) {
    this.n = n;
    this.code = new Uint8Array(n).fill(1);
    this.shade = new Uint8Array(0);
    this.place = null;
    this.flashes = [];
    this.a = new Uint32Array(0);
    this.b = this.a;
    this.many = 0;
    this.index = new Map();
    this.other = null;
    this.dirty = true;
  }

  setTies(pairs) {
    this.many = pairs.length / 2;
    const room = Math.ceil(this.many * 1.5) + 64;
    this.a = new Uint32Array(room);
    this.b = new Uint32Array(room);
    this.index = new Map();
    for (let k = 0; k < this.many; k++) {
      this.a[k] = pairs[2 * k];
      this.b[k] = pairs[2 * k + 1];
      this.index.set(this.a[k] * this.n + this.b[k], k);
    }
    this.dirty = true;
  }

  _end(i, j) {
    const key = i * this.n + j;
    const k = this.index.get(key);
    if (k === undefined) return;
    this.index.delete(key);
    const last = --this.many;
    if (k !== last) {
      this.a[k] = this.a[last];
      this.b[k] = this.b[last];
      this.index.set(this.a[k] * this.n + this.b[k], k);
    }
  }

  _begin(i, j) {
    const key = i * this.n + j;
    if (this.index.has(key)) return;
    if (this.many === this.a.length) {
      for (const name of ["a", "b"]) {
        const wider = new Uint32Array(2 * this.many + 64);
        wider.set(this[name]);
        this[name] = wider;
      }
    }
    this.a[this.many] = i;
    this.b[this.many] = j;
    this.index.set(key, this.many++);
  }

  update(code, shade, gone, come) {
    this.code = code;
    this.shade = shade;
    for (const [pairs, change, ended] of [[gone, this._end, true], [come, this._begin, false]]) {
      for (let k = 0; k < pairs.length; k += 2) {
        change.call(this, pairs[k], pairs[k + 1]);
        if (this.flashes.length < MOST_FLASHES)
          this.flashes.push([pairs[k], pairs[k + 1], ended, FLASH]);
      }
    }
    if (gone.length || come.length) this.dirty = true;
  }

  _resize() {
    const ratio = Math.min(window.devicePixelRatio || 1, 1.5);
    const box = this.host.getBoundingClientRect();
    this.width = Math.max(Math.round(box.width * ratio), 1);
    this.height = Math.max(Math.round(box.height * ratio), 1);
    this.ratio = ratio;
    for (const canvas of [this.ties, this.people]) {
      canvas.width = this.width;
      canvas.height = this.height;
    }
    this.tiesContext = this.ties.getContext("2d");
    this.context = this.people.getContext("2d");
    this.image = this.context.createImageData(this.width, this.height);
    this.pixels = new Uint32Array(this.image.data.buffer);
    this.tiesImage = this.tiesContext.createImageData(this.width, this.height);
    this.tiesPixels = new Uint32Array(this.tiesImage.data.buffer);
    this.density = new Uint16Array(this.width * this.height);
    this.moved();
  }

  moved() {
    this.dirty = true;
    this.movedNow = true;
    this.xs = null;
    this.events.wish();
  }

  _project() {
    if (this.xs || !this.place) return;
    const [across, down] = this._scales();
    const cx = this.width / 2 + this.view.x * this.ratio;
    const cy = this.height / 2 + this.view.y * this.ratio;
    this.xs = new Int32Array(this.n);
    this.ys = new Int32Array(this.n);
    for (let i = 0; i < this.n; i++) {
      this.xs[i] = cx + this.place[2 * i] * across;
      this.ys[i] = cy + this.place[2 * i + 1] * down;
    }
  }

  // Pixels a unit of the layout, across and down: it may be stretched by half to fill the window.
  _scales() {
    const half = [this.width / 2, this.height / 2];
    const least = Math.min(...half);
    return half.map((one) => Math.min(one, 1.5 * least) * 0.97 * this.view.zoom);
  }

  // A line between two people, each pixel handed to `put`; none of it where it is out of sight.
  _line(i, j, put) {
    let x = this.xs[i], y = this.ys[i];
    const x2 = this.xs[j], y2 = this.ys[j];
    const w = this.width, h = this.height;
    if ((x < 0 && x2 < 0) || (y < 0 && y2 < 0) || (x >= w && x2 >= w) || (y >= h && y2 >= h)) return;
    const dx = Math.abs(x2 - x), dy = Math.abs(y2 - y);
    const sx = x < x2 ? 1 : -1, sy = y < y2 ? 1 : -1;
    let error = dx - dy;
    for (let left = dx > dy ? dx : dy; left >= 0; left--) {
      if (x >= 0 && y >= 0 && x < w && y < h) put(y * w + x);
      const twice = 2 * error;
      if (twice > -dy) { error -= dy; x += sx; }
      if (twice < dx) { error += dx; y += sy; }
    }
  }

  _drawTies(now) {
    const { density, tiesPixels } = this;
    density.fill(0);
    const put = (p) => { density[p]++; };
    for (let k = 0; k < this.many; k++) this._line(this.a[k], this.b[k], put);
    const [r, g, b] = rgb(css("dim"));
    const most = this.n > 5000 ? 10 : this.n > 1000 ? 18 : 40;
    const shades = new Uint32Array(64);
    for (let k = 1; k < 64; k++) shades[k] = word([r, g, b], Math.min(most * Math.sqrt(k), 130));
    for (let p = 0; p < density.length; p++) {
      const k = density[p];
      tiesPixels[p] = k ? shades[k < 63 ? k : 63] : 0;
    }
    this.tiesContext.putImageData(this.tiesImage, 0, 0);
    this.dirty = false;
    this.movedNow = false;
    this.tiesDrawn = now;
  }

  draw(by, now, differ) {
    if (!this.place) return;
    this._project();
    if (this.dirty && (this.movedNow || now - (this.tiesDrawn || 0) > TIES_EVERY)) this._drawTies(now);
    const { pixels, code, xs, ys } = this;
    pixels.fill(0);
    const { words } = palette(by);
    const dissent = word(rgb(css("dissent")), this.n > 5000 ? 46 : 80);
    const putDissent = (p) => { pixels[p] = dissent; };
    for (let k = 0; k < this.many; k++)
      if ((code[this.a[k]] & 3) === 2 || (code[this.b[k]] & 3) === 2) this._line(this.a[k], this.b[k], putDissent);
    this._drawFlashes();
    if (this.chosen >= 0) {
      const own = word(rgb(css("ink")), 220);
      const putOwn = (p) => { pixels[p] = own; };
      for (let k = 0; k < this.many; k++)
        if (this.a[k] === this.chosen || this.b[k] === this.chosen) this._line(this.a[k], this.b[k], putOwn);
    }
    const shade = this.shade.length === this.n ? this.shade : null;
    const radius = Math.max(1, Math.min(9, Math.round((this.radius() - 0.5) * this.ratio)));
    const disc = offsets(radius, this.width);
    const inside = this._inside(radius);
    for (let i = 0; i < this.n; i++) {
      const said = code[i] & 3;
      if (said === 1 || shade) this._person(i, words[shade ? shade[i] : 1], disc, inside);
    }
    if (!shade) // who speaks lies on top
      for (let i = 0; i < this.n; i++) {
        const said = code[i] & 3;
        if (said !== 1) this._person(i, words[said], disc, inside);
      }
    if (this.other && differ) this._drawDifference(radius);
    if (this.chosen >= 0) this._ring(this.chosen, word(rgb(css("ink"))), radius + 3);
    this.context.putImageData(this.image, 0, 0);
    this.drawn++;
  }

  radius() {
    const base = this.n > 8000 ? 1.6 : this.n > 2500 ? 2.2 : this.n > 600 ? 3.2 : 5;
    return base * Math.sqrt(this.view.zoom);
  }

  _inside(margin) {
    return { left: margin, top: margin, right: this.width - margin - 1, bottom: this.height - margin - 1 };
  }

  _person(i, colour, disc, inside) {
    const x = this.xs[i], y = this.ys[i];
    if (x < inside.left || y < inside.top || x > inside.right || y > inside.bottom) return;
    const p = y * this.width + x;
    for (let k = 0; k < disc.length; k++) this.pixels[p + disc[k]] = colour;
  }

  _ring(i, colour, radius) {
    const inside = this._inside(radius + 2);
    this._person(i, colour, ring(radius, this.width), inside);
  }

  _drawFlashes() {
    const gone = rgb(css("gone")), come = rgb(css("come"));
    const left = [];
    for (const flash of this.flashes) {
      const [i, j, ended, frames] = flash;
      const colour = word(ended ? gone : come, Math.round((220 * frames) / FLASH));
      this._line(i, j, (p) => { this.pixels[p] = colour; });
      if (--flash[3] > 0) left.push(flash);
    }
    this.flashes = left;
  }

  // Who keeps silent here, or praises, and dissents in the other world.
  _drawDifference(radius) {
    const colour = word(rgb(css("differ")));
    const disc = offsets(radius, this.width), inside = this._inside(radius);
    for (let i = 0; i < this.n; i++)
      if ((this.other[i] & 3) === 2 && (this.code[i] & 3) !== 2) this._person(i, colour, disc, inside);
  }

  quieter() {
    if (!this.other) return 0;
    let many = 0;
    for (let i = 0; i < this.n; i++) if ((this.other[i] & 3) === 2 && (this.code[i] & 3) !== 2) many++;
    return many;
  }

  // Who is nearest to a point of the page, or −1.
  at(clientX, clientY) {
    if (!this.place) return -1;
    this._project();
    const box = this.host.getBoundingClientRect();
    const x = (clientX - box.left) * this.ratio, y = (clientY - box.top) * this.ratio;
    let best = -1, nearest = (REACH * this.ratio) ** 2;
    for (let i = 0; i < this.n; i++) {
      const square = (this.xs[i] - x) ** 2 + (this.ys[i] - y) ** 2;
      if (square < nearest) { nearest = square; best = i; }
    }
    return best;
  }

  look(i) { // bring somebody to the middle
    const [across, down] = this._scales().map((one) => one / this.ratio);
    this.events.view({ ...this.view, x: -this.place[2 * i] * across, y: -this.place[2 * i + 1] * down });
  }

  _hear() {
    const fingers = new Map();
    let far = 0, moved = false;
    this.host.addEventListener("pointerdown", (event) => {
      this.host.setPointerCapture(event.pointerId);
      fingers.set(event.pointerId, event);
      moved = false;
    });
    this.host.addEventListener("pointermove", (event) => {
      const before = fingers.get(event.pointerId);
      if (!before) { this.events.hover(this, event); return; }
      const { x, y, zoom } = this.view;
      if (fingers.size === 2) {
        fingers.set(event.pointerId, event);
        const [p, q] = [...fingers.values()];
        const apart = Math.hypot(p.clientX - q.clientX, p.clientY - q.clientY);
        if (far) this._zoom(apart / far, (p.clientX + q.clientX) / 2, (p.clientY + q.clientY) / 2);
        far = apart;
        moved = true;
        return;
      }
      const dx = event.clientX - before.clientX, dy = event.clientY - before.clientY;
      if (!moved && Math.hypot(dx, dy) < 4) return;
      moved = true;
      fingers.set(event.pointerId, event);
      this.events.view({ x: x + dx, y: y + dy, zoom });
    });
    const up = (event) => {
      if (fingers.delete(event.pointerId) && !moved && event.type === "pointerup")
        this.events.choose(this, this.at(event.clientX, event.clientY));
      far = 0;
    };
    this.host.addEventListener("pointerup", up);
    this.host.addEventListener("pointercancel", up);
    this.host.addEventListener("pointerleave", () => this.events.hover(this, null));
    this.host.addEventListener("wheel", (event) => {
      event.preventDefault();
      this._zoom(Math.exp(-event.deltaY * 0.0015), event.clientX, event.clientY);
    }, { passive: false });
  }

  _zoom(factor, clientX, clientY) {
    const box = this.host.getBoundingClientRect();
    const px = clientX - box.left - box.width / 2, py = clientY - box.top - box.height / 2;
    const zoom = Math.min(Math.max(this.view.zoom * factor, 0.5), 60);
    const by = zoom / this.view.zoom;
    this.events.view({ x: px - (px - this.view.x) * by, y: py - (py - this.view.y) * by, zoom });
  }

  png() {
    const sheet = document.createElement("canvas");
    sheet.width = this.width;
    sheet.height = this.height;
    const context = sheet.getContext("2d");
    context.fillStyle = css("paper");
    context.fillRect(0, 0, sheet.width, sheet.height);
    context.drawImage(this.ties, 0, 0);
    context.drawImage(this.people, 0, 0);
    return sheet;
  }

  svg(by) {
    this._project();
    const { colours } = palette(by);
    const shade = this.shade.length === this.n ? this.shade : null;
    const hex = (c) => `#${c.map((v) => v.toString(16).padStart(2, "0")).join("")}`;
    const lines = [];
    for (let k = 0; k < this.many; k++) {
      const i = this.a[k], j = this.b[k];
      const loud = (this.code[i] & 3) === 2 || (this.code[j] & 3) === 2;
      lines.push(`<path${loud ? ' class="d"' : ""} d="M${this.xs[i]} ${this.ys[i]}L${this.xs[j]} ${this.ys[j]}"/>`);
    }
    const circles = [];
    const r = this.radius().toFixed(1);
    for (let i = 0; i < this.n; i++)
      circles.push(`<circle cx="${this.xs[i]}" cy="${this.ys[i]}" r="${r}" fill="${hex(colours[shade ? shade[i] : this.code[i] & 3])}"/>`);
    return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${this.width} ${this.height}">` +
      `<style>path{stroke:${css("dim")};stroke-opacity:.15;fill:none}.d{stroke:${css("dissent")};stroke-opacity:.4}</style>` +
      `<rect width="100%" height="100%" fill="${css("paper")}"/>${lines.join("")}${circles.join("")}</svg>`;
  }
}

const kept = new Map();

function offsets(radius, width) {
  const key = `disc ${radius} ${width}`;
  if (!kept.has(key)) {
    const found = [];
    for (let y = -radius; y <= radius; y++)
      for (let x = -radius; x <= radius; x++)
        if (x * x + y * y <= (radius + 0.35) ** 2) found.push(y * width + x);
    kept.set(key, Int32Array.from(found));
  }
  return kept.get(key);
}

function ring(radius, width) {
  const key = `ring ${radius} ${width}`;
  if (!kept.has(key)) {
    const found = [];
    const out = radius + 1;
    for (let y = -out; y <= out; y++)
      for (let x = -out; x <= out; x++) {
        const square = x * x + y * y;
        if (square <= (out + 0.35) ** 2 && square > (radius - 0.35) ** 2) found.push(y * width + x);
      }
    kept.set(key, Int32Array.from(found));
  }
  return kept.get(key);
}
