// The keyboard: which key does what, for who presses it and for who reads of it.

export const KEYS = [
  [" ", "space", "play or pause", "play"], ["ArrowRight", "→", "one period", "step"],
  ["r", "r", "begin anew", "reset"], ["+", "+", "nearer", "nearer"], ["-", "−", "farther", "farther"],
  ["f", "f", "show all", "fit"], ["/", "/", "find somebody", "find"], ["1", "1 … 4", "colour", "colour"],
  ["2", "", "", "colour"], ["3", "", "", "colour"], ["4", "", "", "colour"],
  ["d", "d", "dark or light", "theme"], ["b", "b", "a stored sweep", "browse"],
  ["Escape", "Esc", "close", "close"], ["?", "?", "the introduction", "help"],
];

const TYPED = "input:not([type=range]):not([type=checkbox]):not([type=radio]), select";

// `acts`: what each does, by the last word of a row; it is handed the key.
export function hearKeys(acts) {
  const known = new Map(KEYS.map(([key, , , act]) => [key, acts[act]]));
  document.addEventListener("keydown", (event) => {
    const on = (what) => event.target.closest?.(what);
    if (on("dialog")) return; // it knows its keys itself
    const typing = on(TYPED);
    if (typing && event.key === "Escape") typing.blur();
    else if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (on("button, summary, input") && event.key === " ") return;
    if (on("input") && event.key.startsWith("Arrow")) return;
    const act = known.get(event.key);
    if (!act) return;
    event.preventDefault();
    act(event.key);
  });
}
