// Three steps for newcomers, and the keys.

import { KEYS } from "./keys.js";

const STEPS = [
  ["A society that is scored", "Every dot is a citizen, every line a friendship. Each has a conviction of their own, and each period says something in public: dissent, praise, or nothing. What is recorded costs points, and so does what one's friends have on record. Scores are public; 700 and 750 bring benefits."],
  ["Watch it fall silent", "Press Play. Orange speaks out, grey keeps silent, blue praises. A line that flashes red is a friendship that ends; green, one that begins. On the right you see shares, scores and friendships period by period. Click a citizen for their story: what they said, who left whom, and what stood on record then."],
  ["Try to prevent it", "Move the institution's sliders while the society lives: it changes from the next period, and the charts mark it. Or pick other rules beside these: the same citizens with the same luck live under both, and who speaks there but not here is pink. The address always holds exactly what you see: share it."],
];

export function introduce(dialog, at = 0) {
  const [title, text] = STEPS[at];
  dialog.replaceChildren();
  const add = (name, content, attributes = {}) => {
    const one = Object.assign(document.createElement(name), { textContent: content, ...attributes });
    dialog.append(one);
    return one;
  };
  add("h2", title);
  add("p", text);
  if (at === STEPS.length - 1) {
    const keys = add("p", "");
    for (const [, key, what] of KEYS) {
      if (key) keys.append(Object.assign(document.createElement("kbd"), { textContent: key }), ` ${what}   `);
    }
  }
  const row = add("div", "", { className: "buttons" });
  row.append(Object.assign(document.createElement("span"), { textContent: `${at + 1} of ${STEPS.length}`, className: "steps" }));
  const button = (label, act) => {
    const one = Object.assign(document.createElement("button"), { textContent: label, type: "button" });
    one.addEventListener("click", act);
    row.append(one);
    return one;
  };
  button("Close", () => dialog.close());
  if (at > 0) button("Back", () => introduce(dialog, at - 1));
  const next = at < STEPS.length - 1
    ? button("Next", () => introduce(dialog, at + 1))
    : button("Begin", () => dialog.close());
  if (!dialog.open) dialog.showModal();
  next.focus();
}
