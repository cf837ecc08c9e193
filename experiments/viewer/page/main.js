// The page: what the visitor does goes to the server, what the server sends goes to the screen.

import * as address from "./address.js";
import { Browser } from "./browse.js";
import { Charts } from "./charts.js";
import { Controls } from "./controls.js";
import { prepareMenu, save, saveFiles } from "./home.js";
import { introduce } from "./intro.js";
import { hearKeys } from "./keys.js";
import { showLegend } from "./legend.js";
import { Screen } from "./screen.js";
import { about, anew, dueOf, isAnyDue, isStale, kept, marksOf, putDue, rulesOf, state, valuesOf, whose } from "./state.js";
import { StoryPanel } from "./story.js";
import { askForSweep } from "./sweeping.js";
import { Line } from "./wire.js";

const ADDRESS_EVERY = 700; // milliseconds
const AGAIN_AFTER = 1500, AGAIN_AT_MOST = 30000;
const FULL = 4001, IDLE = 4002, FAULT = 4003, TOO_LONG = 1009;
const SLOWEST = 0.5, FASTEST = 240;
const COLOURS = { 1: "expression", 2: "conviction", 3: "score", 4: "withheld" };

const $ = (id) => document.getElementById(id);

const line = new Line(hear, closed);
const charts = new Charts($("charts"));
const screen = new Screen(charts, { onDrawn: drawn, onChosen: (i, world) => choose(i, world) });
const story = new StoryPanel($("story"), (i) => choose(i, state.chosenIn, true), () => choose(-1, 0));
const controls = new Controls($("parameters"), about, altered);

// ——— what the server says

function hear(message) {
  (HEARD[message.kind] || (() => {}))(message);
}

const HEARD = {
  opened(message) {
    state.openThere = message.number;
    if (!state.asked || message.tag !== state.asked.tag) return; // something else was asked for since
    const { entry } = state.asked;
    ({ rules: state.rules, twin: state.twin, period: state.period } = state.asked);
    state.inForce = [{}, {}];
    state.inForceAt = 0;
    state.asked = null;
    state.due = [{}, {}];
    state.opened = message.number;
    state.labels = message.labels;
    state.n = message.citizens;
    state.worlds = message.worlds;
    state.societies = message.worlds.map(() => ({ series: [], bars: [] }));
    state.fingerprints = [];
    state.marks = marksOf();
    choose(-1, 0);
    story.hide();
    screen.layOut(message.worlds);
    $("story-of-rules").replaceChildren(
      Object.assign(document.createElement("b"), { textContent: message.worlds.map((one) => one.title).join(" | ") }),
      message.worlds.map((one) => one.story.trim()).join("\n— — —\n"),
    );
    $("whose").hidden = $("differ-label").hidden = message.worlds.length < 2;
    if (message.worlds.length < 2) document.querySelector("input[name=whose]").checked = true;
    showControls();
    legend();
    charts.show(message.worlds.map((one) => one.title));
    if (entry) history.pushState(null, "", location.href); // what was before is one step back
    writeAddress();
    say("Laying out the society …", 60000);
  },
  ties(message) {
    if (isStale(message)) return;
    for (const picture of state.pictures) picture.setTies(message.columns.ties);
  },
  layout(message) {
    if (isStale(message)) return;
    for (const picture of state.pictures) {
      picture.place = message.columns.place;
      picture.moved();
    }
    say("");
  },
  frame(message) {
    if (isStale(message)) return;
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
    screen.wish();
  },
  state(message) {
    if (isStale(message)) return;
    state.playing = message.playing;
    state.period = message.period;
    state.fingerprints = message.fingerprints;
    state.fingerprintsOf = message.period;
    state.inForce = [message.in_force[0], message.in_force[1] ?? {}];
    state.inForceAt = message.period + 1;
    if (state.notice) say(state.notice, 8000);
    state.notice = "";
    state.ready = true;
    wait = AGAIN_AFTER;
    compareWithStored();
    if (state.chosen >= 0) line.ask("story", { citizen: state.chosen, world: state.chosenIn });
    showControls();
    showPlaying();
    writeAddress();
    screen.wish();
  },
  changed(message) {
    if (isStale(message)) return;
    const rules = rulesOf(message.world);
    if (message.at === 1) rules.parameters[message.name] = message.value;
    else {
      rules.changes = rules.changes.filter(([at, name]) => at !== message.at || name !== message.name);
      rules.changes.push([message.at, message.name, message.value]);
    }
    if (message.at === 1 && state.worlds) state.worlds[message.world].parameters[message.name] = message.value;
    state.inForce[message.world][message.name] = message.value;
    state.marks = marksOf();
    showControls();
    writeAddress();
  },
  refused(message) {
    if (message.tag !== undefined && message.tag !== state.asked?.tag) return; // of what is asked for no longer
    say(message.why, 6000);
    if (state.asked && message.op === "open") { // what was open before is open still; if nothing was, the first society is
      state.asked = null;
      if (!state.worlds) return open(first());
      if (state.openThere !== state.opened) return open({ rules: state.rules, twin: state.twin, period: state.period });
      state.ready = true;
      $("scenario").value = state.rules.scenario;
      $("twin").value = state.twin ? state.twin.scenario : "";
      writeAddress();
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
    saveFiles(message.files);
    const many = Object.keys(message.files).length;
    if (message.study) say(`${many} files: put them in one folder and run: scored sweep study.toml --dry-run`, 8000);
    else if (many > 1) say("Two files, the rules and the network: put them in one folder and run: scored run ./scenario.toml", 8000);
  },
  waiting(message) { say(message.why, 120000); },
  catching_up(message) { say(`Living to period ${message.until}: ${message.period} …`, 5000); },
};

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
  open({ rules, twin: null, period: 0 }, true);
  state.notice = `${name}: press Play; it pauses at period ${about.stored.periods}, where it ended.`;
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

// `entry`: whether one may step back to what is open now.
function open({ rules, twin, period }, entry = false) {
  if (entry) writeAddress();
  state.asked = { rules, twin, period, entry, tag: ++tags };
  state.playing = false;
  state.ready = false;
  showPlaying();
  $("scenario").value = rules.scenario;
  $("twin").value = twin ? twin.scenario : "";
  line.ask("open", { rules, ...(twin && { twin }), period, tag: tags });
}

let tags = 0;

function drawn(now) {
  if (state.ack) line.ask("ack", { frame: state.ack });
  state.ack = 0;
  if (state.playing && now - addressWritten > ADDRESS_EVERY) writeAddress();
}

function legend() { showLegend($("legend"), $("differ").checked); }

function choose(i, world, look = false) {
  state.chosen = i;
  state.chosenIn = world;
  for (const picture of state.pictures) picture.chosen = i;
  if (i >= 0) line.ask("story", { citizen: i, world });
  else story.hide();
  if (i >= 0 && look && state.pictures[world].place) state.pictures[world].look(i);
  screen.wish();
}

// ——— rules

function showControls() {
  const world = whose();
  if (!state.worlds || !state.worlds[world]) return;
  const plain = about.scenarios.find((one) => one.name === state.worlds[world].scenario);
  controls.show(valuesOf(world), plain ? plain.parameters : {}, dueOf(world));
  $("reset").classList.toggle("due", isAnyDue());
  $("seed").value = state.due[0].seed ?? state.worlds[0].parameters.seed;
}

function altered(parameter, value) {
  const { name } = parameter;
  if (about.movable.includes(name)) line.ask("change", { name, value, world: whose() });
  else {
    putDue(name, value, whose());
    showControls();
    say(`${name.replaceAll("_", " ")} takes effect when the society begins anew.`, 3000);
  }
}

function beginAnew() {
  open({ rules: anew(state.rules, state.due[0]), twin: anew(state.twin, state.due[1]), period: 0 });
}

// A whole number, also one beyond what JavaScript counts exactly: it stays a word then.
function sow() {
  const text = $("seed").value.trim();
  if (!/^\d{1,20}$/.test(text) || BigInt(text) >= 2n ** 64n) {
    say(`Seed: “${text}” is no whole number from 0 to 2⁶⁴ − 1.`, 5000);
    return showControls();
  }
  putDue("seed", Number.isSafeInteger(Number(text)) ? Number(text) : text, 0);
  return beginAnew();
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

let addressWritten = 0;

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
  screen.setView(state.view);
  story.recolour();
  screen.drawCharts(performance.now());
}

function remembered(key, value) {
  try {
    if (value === undefined) return localStorage.getItem(`scored-society-${key}`);
    localStorage.setItem(`scored-society-${key}`, value);
  } catch { /* a browser that remembers nothing */ }
  return null;
}

hearKeys({
  play, step, reset: beginAnew, fit: () => screen.showAll(), find: () => $("find-text").focus(),
  nearer: () => screen.nearer(1.3), farther: () => screen.nearer(1 / 1.3), colour: (key) => colour(COLOURS[key]),
  theme: () => $("theme").click(), browse: () => $("browse").hidden || browser.show(),
  close: () => choose(-1, 0), help: () => introduce($("intro")),
});

for (const { name, title } of about.scenarios) {
  $("scenario").add(new Option(title, name));
}
$("twin").add(new Option("nothing", ""));
for (const { name, title } of about.scenarios) $("twin").add(new Option(title, name));
$("scenario").addEventListener("change", () => open({ rules: { scenario: $("scenario").value, parameters: kept(), changes: [] }, twin: anew(state.twin), period: 0 }, true));
$("twin").addEventListener("change", () => open({ rules: anew(state.rules), twin: $("twin").value ? { scenario: $("twin").value, parameters: {}, changes: [] } : null, period: 0 }, true));
$("play").addEventListener("click", play);
$("step").addEventListener("click", step);
$("reset").addEventListener("click", beginAnew);
$("speed").addEventListener("input", tellSpeed);
$("seed").addEventListener("change", sow);
$("colour").addEventListener("change", () => colour($("colour").value));
$("fit").addEventListener("click", () => screen.showAll());
$("differ").addEventListener("change", () => { legend(); screen.wish(); });
$("share").addEventListener("click", share);
$("help").addEventListener("click", () => introduce($("intro")));
$("filter").addEventListener("input", () => controls.filter($("filter").value));
$("sweep").addEventListener("click", () => askForSweep($("sweeping"), about, () => valuesOf(whose()), (asked) => line.ask("study", { ...asked, world: whose() })));
$("theme").addEventListener("click", () => {
  const theme = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
  remembered("theme", theme);
  setTheme(theme);
});
for (const radio of document.querySelectorAll("input[name=whose]")) radio.addEventListener("change", showControls);
prepareMenu(document.querySelector(".menu"), (asked) => line.ask("export", { ...asked, world: whose() }));
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
