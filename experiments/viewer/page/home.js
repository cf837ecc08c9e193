// What a visitor takes home: tables and files from the server, pictures from the screen.

import { state, SIDES } from "./state.js";

export function save(name, blob) {
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

const TYPES = { toml: "application/toml", csv: "text/csv" };

export function saveFiles(files) {
  for (const [name, text] of Object.entries(files))
    save(name, new Blob([text], { type: TYPES[name.split(".").pop()] }));
}

function savePng() {
  const sheets = state.pictures.map((picture) => picture.png());
  const all = document.createElement("canvas");
  all.width = sheets.reduce((sum, one) => sum + one.width, 0);
  all.height = sheets[0].height;
  let at = 0;
  for (const one of sheets) {
    all.getContext("2d").drawImage(one, at, 0);
    at += one.width;
  }
  all.toBlob((blob) => save(`society-${state.period}.png`, blob));
}

function saveSvg() {
  state.pictures.forEach((picture, k) =>
    save(`society-${state.period}${k ? `-${SIDES[k]}` : ""}.svg`, new Blob([picture.svg(state.by)], { type: "image/svg+xml" })));
}

// The menu's buttons; `ask` gets what to ask the server for.
export function prepareMenu(menu, ask) {
  document.addEventListener("pointerdown", (event) => { if (!menu.contains(event.target)) menu.open = false; });
  menu.addEventListener("keydown", (event) => { if (event.key === "Escape") menu.open = false; });
  menu.addEventListener("click", (event) => {
    const { dataset } = event.target;
    if (event.target.tagName === "BUTTON") menu.open = false;
    if (dataset.export) {
      const [what, form] = dataset.export.split(" ");
      ask({ what, form });
    }
    if (dataset.picture === "png") savePng();
    if (dataset.picture === "svg") saveSvg();
  });
}
