// The page: what the visitor does goes to the server, what the server sends goes to the screen.

import * as address from "./address.js";
import { Browser } from "./browse.js";
import { Charts } from "./charts.js";
import { css, MEANS, palette, SAID } from "./colours.js";
import { Controls } from "./controls.js";
import { introduce } from "./intro.js";
import { Picture } from "./picture.js";
import { StoryPanel } from "./story.js";
import { askForSweep } from "./sweeping.js";
import { Line } from "./wire.js";

const CHARTS_EVERY = 150; // milliseconds
const ADDRESS_EVERY = 700;
const AGAIN_AFTER = 1500, AGAIN_AT_MOST = 30000;
const FULL = 4001, IDLE = 4002, FAULT = 4003, TOO_LONG = 1009;
const SLOWEST = 0.5, FASTEST = 240;

const $ = (id) => document.getElementById(id);
const about = await (await fetch("/about.json")).json();

const state = {
  rules: null, twin: null, asked: null, due: {}, societies: [], pictures: [], period: 0, playing: false,
  by: "expression", opened: 0, ack: 0, fingerprints: [], marks: [], view: { x: 0, y: 0, zoom: 1 },
  chosen: -1, chosenIn: 0, ready: false,
};

const line = new Line(hear, closed);
const charts = new Charts($("charts"));
const story = new StoryPanel($("story"), (i) => choose(i, state.chosenIn, true), () => choose(-1, 0));
const controls = new Controls($("parameters"), about, altered);

// ——— what the server says

function hear(message) {
  (HEARD[message.kind] || (() => {}))(message);
}

const HEARD = {
  opened(message) {
    if (state.asked) ({ rules: state.rules, twin: state.twin } = state.asked);
    state.asked = null;
    state.due = {};
    state.opened = message.number;
    state.n = message.citizens;
    state.worlds = message.worlds;
    state.societies = message.worlds.map(() => ({ series: [], bars: [] }));
    state.fingerprints = [];
    state.marks = marksOf();
    choose(-1, 0);
    story.hide();
    layOutPictures(message.worlds);
    $("story-of-rules").replaceChildren(
      Object.assign(document.createElement("b"), { textContent: message.worlds.map((one) => one.title).join(" | ") }),
      message.worlds.map((one) => one.story.trim()).join("\n— — —\n"),
    );
    $("whose").hidden = $("differ-label").hidden = message.worlds.length < 2;
    if (message.worlds.length < 2) document.querySelector("input[name=whose]").checked = true;
    showControls();
    legend();
    say("Laying out the society …", 60000);
  },
  ties(message) {
    for (const picture of state.pictures) picture.setTies(message.columns.ties);
  },
  layout(message) {
    for (const picture of state.pictures) {
      picture.place = message.columns.place;
      picture.moved();
    }
    say("");
  },
  frame(message) {
    if (stale(message)) return;
    if (state.playing !== message.playing) {
      state.playing = message.playing;
      showPlaying();
    }
    state.period = message.period;
    message.worlds.forEach((told, k) => {
      const society = state.societies[k];
      if (told.series.length && told.series[0][0] === 0) society.series = [];
      for (const row of told.series) society.series.push(row);
      society.bars = told.bars;
      society.ties = told.ties;
      const { columns } = message;
      state.pictures[k].update(columns[`code${k}`], columns[`shade${k}`], columns[`gone${k}`], columns[`come${k}`]);
      state.pictures[k].other = message.worlds.length > 1 ? columns[`code${1 - k}`] : null;
    });
    state.ack = message.frame;
    wish();
  },
  state(message) {
    if (stale(message)) return;
    state.playing = message.playing;
    state.period = message.period;
    state.fingerprints = message.fingerprints;
    state.fingerprintsOf = message.period;
    state.ready = true;
    wait = AGAIN_AFTER;
    compareWithStored();
    if (state.chosen >= 0) line.ask("story", { citizen: state.chosen, world: state.chosenIn });
    showControls();
    showPlaying();
    writeAddress();
    wish();
  },
  changed(message) {
    if (stale(message)) return;
    const rules = message.world ? state.twin : state.rules;
    if (message.at === 1) rules.parameters[message.name] = message.value;
    else {
      rules.changes = rules.changes.filter(([at, name]) => at !== message.at || name !== message.name);
      rules.changes.push([message.at, message.name, message.value]);
    }
    if (message.at === 1 && state.worlds) state.worlds[message.world].parameters[message.name] = message.value;
    state.marks = marksOf();
    showControls();
    writeAddress();
  },
  refused(message) {
    say(message.why, 6000);
    if (state.asked && message.op === "open") { // what was open before is open still; if nothing was, the first society is
      state.asked = null;
      if (!state.worlds) return open(first());
      state.ready = true;
      $("scenario").value = state.rules.scenario;
      $("twin").value = state.twin ? state.twin.scenario : "";
    }
    return showControls();
  },
  story(message) { story.show(message, state.societies.length); },
  found(message) {
    const list = $("found");
    list.replaceChildren(...message.citizens.map(([i, label]) => new Option(label === String(i) ? `citizen ${i}` : label, label)));
    if (state.wanted === message.text) {
      state.wanted = null;
      if (message.citizens.length) choose(message.citizens[0][0], 0, true);
      else say(`Nobody is called “${message.text}”.`, 4000);
    }
  },
  file(message) { save(message.name, new Blob([message.columns.data])); },
  files(message) {
    for (const [name, text] of Object.entries(message.files)) save(name, new Blob([text], { type: "application/toml" }));
    say("Two files: put them in one folder and run: scored sweep study.toml --dry-run", 8000);
  },
  waiting(message) { say(message.why, 120000); },
  catching_up(message) { say(`Living to period ${message.until}: ${message.period} …`, 5000); },
};

// A word about a society that is no longer, or not yet, the one on the screen.
function stale(message) {
  return state.asked !== null || message.number !== state.opened;
}

function closed(event) {
  state.playing = false;
  state.ready = false;
  showPlaying();
  const why = event.code === FULL || event.code === FAULT ? event.reason
    : event.code === TOO_LONG ? "That was more than the server reads at once: fewer changes, please."
    : event.code === IDLE ? "Nothing was asked for a while; reload the page to go on."
      : "The server is gone; trying again …";
  say(why, 600000);
  state.asked = null;
  if ([IDLE, FAULT, TOO_LONG].includes(event.code)) return; // the same again would end the same
  setTimeout(connect, wait);
  wait = Math.min(2 * wait, AGAIN_AT_MOST);
}

let wait = AGAIN_AFTER; // longer each time, until a society is open again

async function connect() {
  await line.open();
  say("");
  tellSpeed();
  line.ask("colour", { by: state.by });
  open(address.read(location.hash) || first());
}

// A stored run that is watched again ends where it ended, and is compared there.
function compareWithStored() {
  const { watched } = state;
  if (!watched || state.period !== watched.periods) return;
  const asked = address.write({ rules: state.rules, twin: null, period: 0 });
  if (asked !== watched.address || state.twin) return;
  const same = state.fingerprints[0].startsWith(watched.fingerprint);
  say(same ? `Period ${state.period}: the same as is stored, to the bit.`
    : `Period ${state.period}: not what is stored; was it made by another version?`, 8000);
  state.compared = same;
}

function watch({ scenario, parameters, fingerprint, name }) {
  const rules = { scenario, parameters, changes: [] };
  state.watched = {
    fingerprint, periods: about.stored.periods, address: address.write({ rules, twin: null, period: 0 }),
  };
  open({ rules, twin: null, period: 0 });
  say(`${name}: press Play; it pauses at period ${about.stored.periods}, where it ended.`, 8000);
}

function first() {
  const { stored } = about;
  if (stored.kind === "run") {
    const rules = { scenario: stored.run.scenario, parameters: {}, changes: [] };
    state.watched = { ...stored.run, periods: stored.periods, address: address.write({ rules, twin: null, period: 0 }) };
    return { rules, twin: null, period: 0 };
  }
  return { rules: { scenario: about.first, parameters: {}, changes: [] }, twin: null, period: 0 };
}

function open({ rules, twin, period }) {
  state.asked = { rules, twin };
  state.playing = false;
  state.ready = false;
  showPlaying();
  $("scenario").value = rules.scenario;
  $("twin").value = twin ? twin.scenario : "";
  line.ask("open", { rules, ...(twin && { twin }), period });
}

// ——— pictures

function layOutPictures(worlds) {
  if (state.pictures.length !== worlds.length) {
    $("pictures").replaceChildren();
    state.pictures = worlds.map(() => {
      const host = document.createElement("div");
      host.className = "picture";
      $("pictures").append(host);
      return new Picture(host, { wish, view: setView, hover, choose: (picture, i) => choose(i, state.pictures.indexOf(picture)) });
    });
  }
  for (const picture of state.pictures) picture.begin(state.n);
  setView({ x: 0, y: 0, zoom: 1 });
}

function setView(view) {
  state.view = view;
  for (const picture of state.pictures) {
    picture.view = view;
    picture.moved();
  }
}

let wished = false, chartsDrawn = 0, addressWritten = 0, chartTimer = 0;

function wish() {
  if (wished) return;
  wished = true;
  requestAnimationFrame(draw);
}

function draw(now) {
  wished = false;
  for (const picture of state.pictures) picture.draw(state.by, now, $("differ").checked);
  if (state.ack) {
    line.ask("ack", { frame: state.ack });
    state.ack = 0;
  }
  $("period").textContent = `period ${state.period}`;
  if (now - chartsDrawn > CHARTS_EVERY) drawCharts(now);
  else if (!chartTimer) chartTimer = setTimeout(() => { chartTimer = 0; drawCharts(performance.now()); }, CHARTS_EVERY);
  if (state.playing && now - addressWritten > ADDRESS_EVERY) writeAddress();
  if (state.pictures.some((picture) => picture.flashes.length || picture.dirty) && state.pictures.every((picture) => picture.place)) wish();
}

function drawCharts(now) {
  chartsDrawn = now;
  const values = valuesOf(0);
  charts.draw(state.societies, state.marks, [values.travel_threshold ?? 700, values.visa_threshold ?? 750]);
  state.pictures.forEach((picture, k) => {
    const society = state.societies[k];
    const row = society.series[society.series.length - 1];
    if (!row) return;
    const parts = [state.societies.length > 1 ? state.worlds[k].title : "", `${Math.round(row[1] * 100)} % dissent, ${picture.many.toLocaleString("en")} ties`];
    if (picture.other && $("differ").checked) parts.push(`${picture.quieter().toLocaleString("en")} are quiet here who dissent beside`);
    picture.title.replaceChildren(Object.assign(document.createElement("b"), { textContent: parts[0] }), ` ${parts.slice(1).join("; ")}`);
  });
}

function legend() {
  const host = $("legend");
  host.replaceChildren();
  if (state.by === "expression") {
    for (const said of [...SAID].reverse()) {
      const key = document.createElement("span"), dot = document.createElement("i");
      dot.style.background = css(said);
      key.append(dot, said);
      host.append(key);
    }
    if (state.societies.length > 1 && $("differ").checked) {
      const key = document.createElement("span"), dot = document.createElement("i");
      dot.style.background = css("differ");
      key.append(dot, "not here, but beside dissents");
      host.append(key);
    }
    return;
  }
  const ramp = document.createElement("span");
  ramp.className = "ramp";
  const { colours } = palette(state.by);
  ramp.style.background = `linear-gradient(to right, ${[0, 64, 128, 192, 255].map((k) => `rgb(${colours[k]})`).join(",")})`;
  const [low, high] = MEANS[state.by];
  host.append(low, ramp, high);
}

function hover(picture, event) {
  const i = event ? picture.at(event.clientX, event.clientY) : -1;
  const tip = $("tip");
  tip.hidden = i < 0;
  if (i < 0) return;
  const code = picture.code[i];
  const shade = picture.shade.length ? picture.shade[i] / 255 : null;
  const more = shade === null ? "" : { score: `; score about ${Math.round(350 + 600 * shade)}`, conviction: `; conviction ${(2 * shade - 1).toFixed(2)}`, withheld: shade ? `; withholds a conviction of ${shade.toFixed(2)}` : "" }[state.by];
  tip.textContent = `Citizen ${i}: ${["praises", "keeps silent", "dissents"][code & 3]}${code & 4 ? ", on record" : ""}${more}`;
  tip.style.left = `${Math.min(event.clientX + 14, innerWidth - 240)}px`;
  tip.style.top = `${event.clientY + 14}px`;
}

function choose(i, world, look = false) {
  state.chosen = i;
  state.chosenIn = world;
  for (const picture of state.pictures) picture.chosen = i;
  if (i >= 0) line.ask("story", { citizen: i, world });
  else story.hide();
  if (i >= 0 && look && state.pictures[world].place) state.pictures[world].look(i);
  wish();
}

// ——— rules

function whose() {
  return Number(document.querySelector("input[name=whose]:checked").value);
}

function valuesOf(world) {
  if (!state.worlds || !state.worlds[world]) return {};
  const values = { ...state.worlds[world].parameters };
  const rules = world ? state.twin : state.rules;
  for (const [at, name, value] of [...rules.changes].sort((a, b) => a[0] - b[0]))
    if (at <= state.period + 1) values[name] = value;
  return values;
}

function showControls() {
  const world = whose();
  if (!state.worlds || !state.worlds[world]) return;
  const plain = about.scenarios.find((one) => one.name === state.worlds[world].scenario);
  controls.show(valuesOf(world), plain ? plain.parameters : {}, state.due);
  $("reset").classList.toggle("due", Object.keys(state.due).length > 0);
  $("seed").value = state.due.seed ?? state.worlds[0].parameters.seed;
}

function marksOf() {
  const all = [...(state.rules?.changes || []), ...(state.twin?.changes || [])];
  return all.map(([at, name, value]) => ({ at, label: `${name} = ${value}` }));
}

function altered(parameter, value) {
  const { name } = parameter;
  if (about.movable.includes(name)) line.ask("change", { name, value, world: whose() });
  else {
    state.due[name] = value;
    showControls();
    say(`${name.replaceAll("_", " ")} takes effect when the society begins anew.`, 3000);
  }
}

// The rules that are in force now, as those of a new beginning.
function anew(rules) {
  return rules && {
    scenario: rules.scenario, changes: [],
    parameters: { ...rules.parameters, ...Object.fromEntries(rules.changes.map(([, name, value]) => [name, value])) },
  };
}

function beginAnew() {
  const shared = new Set(about.parameters.filter((one) => ["population", "network", "chance"].includes(one.section)).map((one) => one.name));
  const rules = anew(state.rules), twin = anew(state.twin);
  const own = whose() && twin ? twin : rules;
  for (const [name, value] of Object.entries(state.due)) (shared.has(name) ? rules : own).parameters[name] = value;
  open({ rules, twin, period: 0 });
}

// ——— what the visitor does

function play() {
  if (!state.ready) return;
  state.playing = !state.playing;
  const end = state.watched && state.period < state.watched.periods ? state.watched.periods : 0;
  if (state.playing) line.ask("play", { until: end });
  else line.ask("pause");
  showPlaying();
}

function showPlaying() {
  $("play").textContent = state.playing ? "❚❚ Pause" : "▶ Play";
}

function step() {
  state.playing = false;
  showPlaying();
  line.ask("step", { periods: 1 });
}

function tellSpeed() {
  const periods = Math.min(SLOWEST * (FASTEST / SLOWEST) ** ($("speed").value / 100), FASTEST);
  $("speed-said").textContent = `${periods < 10 ? periods.toFixed(1) : Math.round(periods)}/s`;
  line.ask("speed", { periods });
}

function colour(by) {
  state.by = by;
  $("colour").value = by;
  legend();
  line.ask("colour", { by });
}

function writeAddress() {
  addressWritten = performance.now();
  if (!state.rules) return;
  history.replaceState(null, "", address.write({ rules: state.rules, twin: state.twin, period: state.period }));
}

async function share() {
  writeAddress();
  try {
    await navigator.clipboard.writeText(location.href);
    say("The address is copied: it gives exactly this society.", 4000);
  } catch {
    say("Copy the address from the browser: it gives exactly this society.", 6000);
  }
}

function save(name, blob) {
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

function picturePng() {
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

let quiet = 0;

function say(text, milliseconds = 4000) {
  const told = $("told");
  told.textContent = text;
  told.classList.toggle("on", Boolean(text));
  clearTimeout(quiet);
  if (text) quiet = setTimeout(() => told.classList.remove("on"), milliseconds);
}

function setTheme(theme) {
  document.documentElement.dataset.theme = theme;
  legend();
  setView(state.view);
  drawCharts(performance.now());
}

function remembered(key, value) {
  try {
    if (value === undefined) return localStorage.getItem(`scored-society-${key}`);
    localStorage.setItem(`scored-society-${key}`, value);
  } catch { /* a browser that remembers nothing */ }
  return null;
}

function nearer(by) { // about the middle
  const zoom = Math.min(Math.max(state.view.zoom * by, 0.5), 60);
  const real = zoom / state.view.zoom;
  setView({ x: state.view.x * real, y: state.view.y * real, zoom });
}

const KEYS = {
  " ": play, ArrowRight: step, r: beginAnew, f: () => setView({ x: 0, y: 0, zoom: 1 }),
  "/": () => $("find-text").focus(), "?": () => introduce($("intro")), d: () => $("theme").click(),
  "+": () => nearer(1.3), "-": () => nearer(1 / 1.3),
  b: () => $("browse").hidden || browser.show(),
  1: () => colour("expression"), 2: () => colour("conviction"), 3: () => colour("score"), 4: () => colour("withheld"),
  Escape: () => choose(-1, 0),
};

document.addEventListener("keydown", (event) => {
  if (event.target.closest?.("dialog")) return; // it knows its keys itself
  const typing = event.target.closest?.("input:not([type=range]):not([type=checkbox]):not([type=radio]), select");
  if (typing && event.key === "Escape") typing.blur();
  else if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest?.("button, summary, input") && event.key === " ") return;
  if (event.target.closest?.("input") && event.key.startsWith("Arrow")) return;
  const act = KEYS[event.key];
  if (act) {
    event.preventDefault();
    act();
  }
});

for (const { name, title } of about.scenarios) {
  $("scenario").add(new Option(title, name));
}
$("twin").add(new Option("nothing", ""));
for (const { name, title } of about.scenarios) $("twin").add(new Option(title, name));
$("scenario").addEventListener("change", () => open({ rules: { scenario: $("scenario").value, parameters: kept(), changes: [] }, twin: anew(state.twin), period: 0 }));
$("twin").addEventListener("change", () => open({ rules: anew(state.rules), twin: $("twin").value ? { scenario: $("twin").value, parameters: {}, changes: [] } : null, period: 0 }));

// With other rules the visitor keeps the people and the luck.
function kept() {
  const found = {};
  for (const [name, value] of Object.entries(state.rules.parameters))
    if (["seed", "citizens"].includes(name)) found[name] = value;
  return found;
}

$("play").addEventListener("click", play);
$("step").addEventListener("click", step);
$("reset").addEventListener("click", beginAnew);
$("speed").addEventListener("input", tellSpeed);
$("seed").addEventListener("change", () => { state.due.seed = Math.max(Math.round(Number($("seed").value)), 0); beginAnew(); });
$("colour").addEventListener("change", () => colour($("colour").value));
$("fit").addEventListener("click", () => setView({ x: 0, y: 0, zoom: 1 }));
$("differ").addEventListener("change", () => { legend(); wish(); });
$("share").addEventListener("click", share);
$("help").addEventListener("click", () => introduce($("intro")));
$("filter").addEventListener("input", () => controls.filter($("filter").value));
$("sweep").addEventListener("click", () => { document.querySelector(".menu").open = false; });
$("sweep").addEventListener("click", () => askForSweep($("sweeping"), about, () => valuesOf(whose()), (asked) => line.ask("study", { ...asked, world: whose() })));
$("theme").addEventListener("click", () => {
  const theme = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
  remembered("theme", theme);
  setTheme(theme);
});
for (const radio of document.querySelectorAll("input[name=whose]")) radio.addEventListener("change", showControls);
for (const button of document.querySelectorAll("[data-export]")) {
  const [what, form] = button.dataset.export.split(" ");
  button.addEventListener("click", () => { document.querySelector(".menu").open = false; });
  button.addEventListener("click", () => line.ask("export", { what, form, world: whose() }));
}
document.querySelector("[data-picture=png]").addEventListener("click", picturePng);
document.querySelector("[data-picture=svg]").addEventListener("click", () => {
  state.pictures.forEach((picture, k) => save(`society-${state.period}${k ? "-right" : ""}.svg`, new Blob([picture.svg(state.by)], { type: "image/svg+xml" })));
});
$("find").addEventListener("submit", (event) => {
  event.preventDefault();
  state.wanted = $("find-text").value;
  line.ask("find", { text: state.wanted });
});
$("find-text").addEventListener("input", () => { if ($("find-text").value) line.ask("find", { text: $("find-text").value }); });
addEventListener("hashchange", () => {
  const asked = address.read(location.hash);
  if (asked) open(asked);
});

const browser = new Browser($("browsing"), about, watch);
$("browse").hidden = about.stored.kind !== "sweep";
$("browse").addEventListener("click", () => browser.show());

setTheme(remembered("theme") || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"));
window.scored = { state, line, address }; // for tests and the curious
if (!remembered("introduced")) {
  remembered("introduced", "yes");
  introduce($("intro"));
}
await connect();
