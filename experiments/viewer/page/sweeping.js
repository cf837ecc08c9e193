// "Continue as a sweep": the study file for a range of one parameter.

export function askForSweep(dialog, about, values, onStudy) {
  dialog.replaceChildren();
  const form = document.createElement("form");
  form.method = "dialog";
  const title = document.createElement("h2");
  title.textContent = "Continue as a sweep";
  const text = document.createElement("p");
  text.textContent = "You get two files: the scenario as it is now, with all that you changed, and a study that varies one parameter of it. Run them with: scored sweep study.toml";
  form.append(title, text);
  const fields = {};
  const row = (label, input) => {
    const line = document.createElement("label");
    line.className = "row";
    line.append(label, input);
    form.append(line);
    return input;
  };
  const select = row("Parameter", document.createElement("select"));
  for (const parameter of about.parameters)
    if (["number", "whole"].includes(parameter.kind) && parameter.name !== "seed")
      select.add(new Option(parameter.name.replaceAll("_", " "), parameter.name));
  select.value = "detection";
  const number = (label, start, step, bounds = {}) =>
    row(label, Object.assign(document.createElement("input"), { type: "number", value: start, step, required: true, ...bounds }));
  fields.begin = number("from", 0, "any");
  fields.end = number("to", 1, "any");
  fields.levels = number("levels", 5, 1, { min: 2, max: 50 });
  fields.replicates = number("replicates", 20, 1, { min: 1, max: 10000 });
  const sensible = () => fields.end.setCustomValidity(Number(fields.end.value) > Number(fields.begin.value) ? "" : "The range must end above its beginning.");
  for (const field of [fields.begin, fields.end]) field.addEventListener("input", sensible);
  const range = () => {
    const parameter = about.parameters.find((one) => one.name === select.value);
    const now = Number(values()[parameter.name]) || 0;
    fields.begin.value = parameter.low ?? 0;
    fields.end.value = parameter.high !== null && parameter.high <= 1000 ? parameter.high : now * 2 || 1;
    for (const field of [fields.begin, fields.end]) Object.assign(field, { min: parameter.low ?? "", max: parameter.high ?? "" });
    sensible();
  };
  select.addEventListener("change", range);
  range();
  const buttons = document.createElement("div");
  buttons.className = "buttons";
  const cancel = Object.assign(document.createElement("button"), { textContent: "Cancel", value: "cancel", type: "button" });
  cancel.addEventListener("click", () => dialog.close());
  const make = Object.assign(document.createElement("button"), { textContent: "Get the files" });
  buttons.append(cancel, make);
  form.append(buttons);
  form.addEventListener("submit", () => onStudy({
    parameter: select.value, begin: Number(fields.begin.value), end: Number(fields.end.value),
    levels: Math.round(Number(fields.levels.value)), replicates: Math.round(Number(fields.replicates.value)),
  }));
  dialog.append(form);
  dialog.showModal();
}
