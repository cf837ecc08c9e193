// Sliders and choices, made from what the model declares of its parameters.

const TITLES = {
  institution: ["The institution", "changes at once"],
  citizens: ["Citizens", "from the next beginning"],
  population: ["Population", "from the next beginning"],
  network: ["Friendships at first", "from the next beginning"],
  authority: ["An authority that learns", "from the next beginning"],
  chance: ["Chance", "from the next beginning"],
};
const ORDER = ["institution", "citizens", "population", "network", "authority", "chance"];
const WIDEST = 10000; // no slider over a wider range: it would say nothing
const WAIT = 120; // milliseconds after the last move of a slider

export class Controls {
  constructor(host, about, onChange) {
    this.rows = new Map();
    this.values = {};
    this.onChange = onChange;
    this.movable = new Set(about.movable);
    for (const section of ORDER) {
      if (section === "network" && about.network) continue;
      const box = document.createElement("details");
      box.open = section === "institution";
      const summary = document.createElement("summary");
      const [title, when] = TITLES[section];
      summary.innerHTML = "";
      summary.append(title, " ", Object.assign(document.createElement("small"), { textContent: when }));
      box.append(summary);
      for (const parameter of about.parameters)
        if (parameter.section === section && parameter.name !== "seed" && !(about.network && parameter.name === "citizens")) box.append(this._row(parameter));
      host.append(box);
    }
  }

  _row(parameter) {
    const row = document.createElement("div");
    row.className = "parameter";
    const unit = parameter.unit ? ` (${parameter.unit})` : "";
    row.title = `${parameter.meaning}${unit}\n${parameter.symbol ? parameter.symbol + ", " : ""}allowed: ${parameter.allowed}; declared: ${parameter.default}\nSource: ${parameter.source}`;
    const name = document.createElement("label");
    name.className = "name";
    name.textContent = parameter.name.replaceAll("_", " ");
    row.append(name);
    const inputs = [];
    const isNumber = ["number", "whole"].includes(parameter.kind);
    if (parameter.kind === "choice") {
      const select = document.createElement("select");
      for (const choice of parameter.choices) select.add(new Option(choice, choice));
      inputs.push(select);
    } else if (isNumber) {
      const { low, high } = parameter;
      const whole = parameter.kind === "whole";
      if (low !== null && high !== null && high - low <= WIDEST) {
        const slider = Object.assign(document.createElement("input"), {
          type: "range", min: low, max: high, step: whole ? 1 : (high - low) / 200,
        });
        inputs.push(slider);
      }
      inputs.push(Object.assign(document.createElement("input"), {
        type: "number", step: "any", ...(low !== null && { min: low }), ...(high !== null && { max: high }),
      }));
    } else {
      row.classList.add("text");
      inputs.push(Object.assign(document.createElement("input"), { type: "text", maxLength: 200 }));
    }
    let timer = 0;
    for (const [k, input] of inputs.entries()) {
      input.id = `p-${parameter.name}-${k}`;
      input.setAttribute("aria-label", `${parameter.name}: ${parameter.meaning}`);
      if (k === 0) name.htmlFor = input.id;
      const tell = () => {
        const value = this._read(parameter, input);
        if (value === null) return;
        for (const other of inputs) if (other !== input) other.value = value;
        clearTimeout(timer);
        timer = setTimeout(() => {
          if (value !== this.values[parameter.name]) this.onChange(parameter, value);
        }, input.type === "range" ? WAIT : 0);
      };
      input.addEventListener(input.type === "range" ? "input" : "change", tell);
    }
    row.append(...inputs);
    this.rows.set(parameter.name, { row, inputs, parameter });
    return row;
  }

  _read(parameter, input) {
    if (!["number", "whole"].includes(parameter.kind)) return input.value;
    const text = input.value.trim();
    if (text === "") return null;
    const value = Number(text);
    return Number.isFinite(value) ? (parameter.kind === "whole" ? Math.round(value) : value) : null;
  }

  // Show the values of a society; those that differ from its scenario are bold.
  show(values, plain, due) {
    this.values = { ...values };
    for (const [name, { row, inputs }] of this.rows) {
      const value = due[name] ?? values[name];
      for (const input of inputs) {
        if (document.activeElement === input && input.type !== "range") continue;
        if (value === "inf") { input.value = ""; input.placeholder = "∞"; }
        else input.value = Array.isArray(value) ? value.join(", ") : value;
      }
      row.classList.toggle("changed", String(value) !== String(plain[name]));
      row.classList.toggle("due", name in due);
    }
  }

  filter(text) {
    const wanted = text.trim().toLowerCase();
    for (const { row, parameter } of this.rows.values()) {
      const found = `${parameter.name.replaceAll("_", " ")} ${parameter.meaning}`.toLowerCase().includes(wanted);
      row.hidden = !found;
      row.style.display = found ? "" : "none";
      if (wanted && found) row.parentElement.open = true;
    }
  }
}
