// Colours: Okabe & Ito's for what is said, cividis for scores, a diverging scale for convictions;
// all can be told apart by the colour-blind. Little-endian ABGR words, as canvases keep pixels.

export const SAID = ["praise", "silence", "dissent"];

const CIVIDIS = [
  [0, 32, 76], [0, 42, 102], [32, 57, 110], [67, 72, 109], [92, 87, 109], [115, 102, 112],
  [137, 119, 119], [158, 136, 119], [180, 155, 112], [203, 175, 99], [227, 196, 79], [255, 234, 70],
];
const DIVERGING = [[0, 90, 150], [86, 160, 205], [190, 190, 186], [240, 150, 80], [205, 80, 0]];
const HELD = { light: [[205, 203, 196], [215, 160, 60], [150, 40, 90]], dark: [[85, 88, 94], [190, 140, 50], [255, 110, 170]] };

export function word([r, g, b], a = 255) {
  return ((a << 24) | (b << 16) | (g << 8) | r) >>> 0;
}

function scale(stops) {
  const out = [];
  for (let k = 0; k < 256; k++) {
    const x = (k / 255) * (stops.length - 1);
    const i = Math.min(Math.floor(x), stops.length - 2);
    out.push(stops[i].map((low, c) => Math.round(low + (x - i) * (stops[i + 1][c] - low))));
  }
  return out;
}

export function css(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

export function rgb(hex) {
  return [1, 3, 5].map((k) => parseInt(hex.slice(k, k + 2), 16));
}

// What each citizen's colour is looked up in: three words for what is said, 256 for a shade.
export function palette(by) {
  const theme = document.documentElement.dataset.theme === "dark" ? "dark" : "light";
  if (by === "expression") {
    const colours = SAID.map((said) => rgb(css(said)));
    return { words: Uint32Array.from(colours, (c) => word(c)), colours };
  }
  const colours = scale({ score: CIVIDIS, conviction: DIVERGING, withheld: HELD[theme] }[by]);
  return { words: Uint32Array.from(colours, (c) => word(c)), colours };
}

export const MEANS = {
  conviction: ["loyal", "critical"],
  score: ["350", "950"],
  withheld: ["nothing withheld", "a strong conviction"],
};
