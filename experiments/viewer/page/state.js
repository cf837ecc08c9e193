// What the page knows of the societies on the screen, and what follows from it.

export const about = await (await fetch("/about.json")).json();

export const state = {
  rules: null, twin: null, asked: null, due: [{}, {}], worlds: null, societies: [], pictures: [],
  labels: null, period: 0, playing: false, by: "expression", opened: 0, ack: 0, fingerprints: [],
  marks: [], inForce: [{}, {}], inForceAt: 0, view: { x: 0, y: 0, zoom: 1 }, chosen: -1, chosenIn: 0, ready: false,
};

const SHARED_SECTIONS = ["population", "network", "chance"];
const shared = new Set(about.parameters.filter((one) => SHARED_SECTIONS.includes(one.section)).map((one) => one.name));

export const SIDES = ["left", "right"];

// A word about a society that is no longer, or not yet, the one on the screen.
export function isStale(message) {
  return state.asked !== null || message.number !== state.opened;
}

export function nameOf(i) {
  return state.labels ? state.labels[i] : `Citizen ${i}`;
}

// Of which society's rules the controls speak: 0 the left, 1 the right one.
export function whose() {
  return Number(document.querySelector("input[name=whose]:checked").value);
}

export function rulesOf(world) {
  return world ? state.twin : state.rules;
}

export function valuesOf(world) {
  if (!state.worlds || !state.worlds[world]) return {};
  // what the server told when it stood still last (a program's ramps included), and what came since
  const values = { ...state.worlds[world].parameters, ...state.inForce[world] };
  for (const [at, name, value] of [...rulesOf(world).changes].sort((a, b) => a[0] - b[0]))
    if (at <= state.period + 1 && at > state.inForceAt) values[name] = value;
  return values;
}

export function thresholdsOf(world) {
  const values = valuesOf(world);
  return [values.travel_threshold ?? 700, values.visa_threshold ?? 750];
}

// What changed or will while it lives, by the scenario's program or the visitor, oldest first.
export function marksOf() {
  const found = [];
  const said = (value) => (typeof value === "number" ? Number(value.toPrecision(4)) : value);
  const words = (name) => name.replaceAll("_", " ");
  for (const world of [0, 1]) {
    for (const { parameter, at, from, until, to } of state.worlds?.[world]?.program ?? []) {
      const label = until ? `the program moves ${words(parameter)} to ${said(to)}, until ${until}` : `the program sets ${words(parameter)} = ${said(to)}`;
      found.push({ at: at ?? from, world, label });
    }
    for (const [at, name, value] of rulesOf(world)?.changes ?? [])
      found.push({ at, world, label: `${words(name)} = ${said(value)}` });
  }
  return found.sort((a, b) => a.at - b.at);
}

// A value that waits for the next beginning: for one society, or for both if they share it.
export function putDue(name, value, world) {
  state.due[shared.has(name) ? 0 : world][name] = value;
}

export function dueOf(world) {
  const both = Object.fromEntries(Object.entries(state.due[0]).filter(([name]) => shared.has(name)));
  return world ? { ...both, ...state.due[1] } : state.due[0];
}

export function isAnyDue() {
  return state.due.some((one) => Object.keys(one).length > 0);
}

// The rules that are in force now, as those of a new beginning.
export function anew(rules, due = {}) {
  return rules && {
    scenario: rules.scenario, changes: [],
    parameters: { ...rules.parameters, ...Object.fromEntries(rules.changes.map(([, name, value]) => [name, value])), ...due },
  };
}

// With other rules the visitor keeps the people and the luck.
export function kept() {
  const found = {};
  for (const [name, value] of Object.entries(state.rules.parameters))
    if (["seed", "citizens"].includes(name)) found[name] = value;
  return found;
}
