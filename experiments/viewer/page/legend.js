// What colours mean, and who it is under the pointer.

import { css, MEANS, palette, SAID } from "./colours.js";
import { nameOf, state } from "./state.js";

const DOES = ["praises", "keeps silent", "dissents"];

export function showLegend(host, differ) {
  host.replaceChildren();
  if (state.by === "expression") {
    for (const said of [...SAID].reverse()) host.append(key(css(said), said));
    if (state.societies.length > 1 && differ) host.append(key(css("differ"), "not here, but beside dissents"));
    return;
  }
  const ramp = document.createElement("span");
  ramp.className = "ramp";
  const { colours } = palette(state.by);
  ramp.style.background = `linear-gradient(to right, ${[0, 64, 128, 192, 255].map((k) => `rgb(${colours[k]})`).join(",")})`;
  const [low, high] = MEANS[state.by];
  host.append(low, ramp, high);
}

function key(colour, words) {
  const one = document.createElement("span"), dot = document.createElement("i");
  dot.style.background = colour;
  one.append(dot, words);
  return one;
}

export function showTip(tip, picture, event) {
  const i = event ? picture.at(event.clientX, event.clientY) : -1;
  tip.hidden = i < 0;
  if (i < 0) return;
  const code = picture.code[i];
  const shade = picture.shade.length ? picture.shade[i] / 255 : null;
  tip.textContent = `${nameOf(i)}: ${DOES[code & 3]}${code & 4 ? ", on record" : ""}${shade === null ? "" : shadeInWords(shade)}`;
  tip.style.left = `${Math.min(event.clientX + 14, innerWidth - 240)}px`;
  tip.style.top = `${event.clientY + 14}px`;
}

function shadeInWords(shade) {
  if (state.by === "score") return `; score about ${Math.round(350 + 600 * shade)}`;
  if (state.by === "conviction") return `; conviction ${(2 * shade - 1).toFixed(2)}`;
  return shade ? `; withholds a conviction of ${shade.toFixed(2)}` : "";
}
