// The address holds scenario, changed parameters, seed and period, and gives the state exactly.
// It stands behind the #, so that it never reaches a server's log by itself.

export function read(hash) {
  const query = new URLSearchParams(hash.replace(/^#/, ""));
  if (!query.get("scenario")) return null;
  const rules = (end) => {
    const scenario = query.get(`scenario${end}`);
    if (!scenario) return null;
    const parameters = {};
    for (const [key, text] of query)
      if (key.startsWith(`set${end}.`)) parameters[key.slice(`set${end}.`.length)] = value(text);
    const changes = query.getAll(`from${end}`).map((text) => {
      const [at, name, ...rest] = text.split(":");
      return [Number(at), name, value(rest.join(":"))];
    });
    return { scenario, parameters, changes };
  };
  return { rules: rules(""), twin: rules("2"), period: Math.max(Math.round(Number(query.get("period")) || 0), 0) };
}

export function write({ rules, twin, period }) {
  const query = new URLSearchParams();
  const put = (own, end) => {
    query.set(`scenario${end}`, own.scenario);
    for (const [name, one] of Object.entries(own.parameters)) query.set(`set${end}.${name}`, one);
    for (const [at, name, one] of own.changes) query.append(`from${end}`, `${at}:${name}:${one}`);
  };
  put(rules, "");
  if (twin) put(twin, "2");
  if (period) query.set("period", period);
  return `#${query}`;
}

function value(text) {
  if (text === "true" || text === "false") return text === "true";
  const number = Number(text);
  if (Number.isInteger(number) && !Number.isSafeInteger(number)) return text; // a seed beyond 2⁵³
  return text.trim() !== "" && Number.isFinite(number) ? number : text;
}
