// What is to be told of one citizen.

import { css } from "./colours.js";

const SAYS = { "-1": "praises", 0: "keeps silent", 1: "dissents" };
const SAID = { "-1": "praised", 0: "kept silent", 1: "dissented" };

function element(name, text, attributes = {}) {
  return Object.assign(document.createElement(name), { textContent: text, ...attributes });
}

export class StoryPanel {
  constructor(host, onPerson, onClose) {
    this.host = host;
    this.onPerson = onPerson;
    this.onClose = onClose;
  }

  hide() { this.host.hidden = true; }

  recolour() {
    if (!this.host.hidden && this.strip) this._strip(this.strip, this.said);
  }

  show(told, worlds) {
    const { host } = this;
    host.hidden = false;
    host.classList.toggle("left", told.world === 1); // beside the one who is told of
    host.replaceChildren();
    const close = element("button", "×", { className: "close", title: "Close (Esc)" });
    close.addEventListener("click", () => { this.hide(); this.onClose(); });
    const name = this._name(told.citizen, told.label);
    const now = told.said[told.said.length - 1];
    const permit = told.score >= told.thresholds[1] ? "travels freely, with the better visa" : told.score >= told.thresholds[0] ? "has the travel permit" : "has no travel permit";
    host.append(close, element("h2", `${name}${worlds > 1 ? (told.world ? " (right)" : " (left)") : ""}`),
      element("div", `In period ${told.period} ${SAYS[now]}${told.flagged ? ", and stands on record for it" : ""}. Score ${told.score.toFixed(0)}: ${permit}.`));
    const strip = element("canvas", "", { className: "said" });
    strip.setAttribute("role", "img");
    strip.setAttribute("aria-label", `What ${name} said in the last ${told.said.length} periods`);
    host.append(strip, this._facts(told));
    const list = document.createElement("ul");
    for (const event of [...told.events].reverse()) list.append(this._event(event));
    if (!told.events.length) list.append(element("li", "No friendship has ended or begun yet."));
    host.append(list);
    Object.assign(this, { strip, said: told.said });
    this.recolour();
  }

  _facts(told) {
    const list = document.createElement("dl");
    const drift = told.conviction - told.first_conviction;
    const facts = [
      ["conviction", `${told.conviction.toFixed(2)} (${told.conviction > 0 ? "critical" : "loyal"}${Math.abs(drift) > 0.005 ? `; at first ${told.first_conviction.toFixed(2)}` : ""})`],
      ["self-censorship κ", told.self_censorship.toFixed(2)],
      ["conformity γ", told.conformity.toFixed(2)],
      ["ability to pay ω", told.wealth.toFixed(2)],
      ["friends", `${told.friends.length} (at first ${told.first_friends})`],
    ];
    for (const [term, text] of facts) list.append(element("dt", term), element("dd", text));
    return list;
  }

  _name(i, label) { return label === String(i) ? `Citizen ${i}` : label; }

  _event(event) {
    const item = document.createElement("li");
    item.append(element("time", `${event.period}  `));
    const other = element("a", this._name(event.friend, event.label), { className: "person", tabIndex: 0 });
    const go = () => this.onPerson(event.friend);
    other.addEventListener("click", go);
    other.addEventListener("keydown", (key) => { if (key.key === "Enter") go(); });
    const had = `who had ${SAID[event.said]}${event.flagged ? ", was on record for it" : ""} and stood at ${event.score.toFixed(0)}`;
    if (event.kind === "begun") item.append("became friends with ", other);
    else if (event.kind === "arrest") item.append("lost ", other, ": a friendship that didn't survive an arrest");
    else if (event.kind === "death") item.append("lost ", other, ": a death");
    else if (event.own && event.friends) item.append("and ", other, " left each other");
    else if (event.own) item.append("left ", other, `, ${had}`);
    else item.append("was left by ", other);
    return item;
  }

  _strip(canvas, said) {
    const ratio = window.devicePixelRatio || 1;
    canvas.width = canvas.clientWidth * ratio;
    canvas.height = canvas.clientHeight * ratio;
    const context = canvas.getContext("2d");
    const step = canvas.width / said.length;
    said.forEach((one, k) => {
      context.fillStyle = css({ "-1": "praise", 0: "silence", 1: "dissent" }[one]);
      const tall = one ? canvas.height : canvas.height * 0.3;
      context.fillRect(k * step, canvas.height - tall, Math.max(step, 1), tall);
    });
  }
}
