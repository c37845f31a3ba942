// Keeps the air of an open page up to date: asks every few seconds, stops while hidden, waits longer after a failure.

const LONGEST_MS = 30_000;

function set(name, value) {
  for (const element of document.querySelectorAll(`[data-live="${name}"]`)) {
    if (value !== null && value !== undefined && element.textContent !== value) element.textContent = value;
  }
}

function apply(light, air) {
  const level = air.level ?? "";
  light.className = `luchtlicht ${level || "leeg-licht"}`;
  for (const shape of light.querySelectorAll("[data-shape]")) shape.hidden = shape.dataset.shape !== level;
  for (const element of light.querySelectorAll("[data-has-value]")) element.hidden = air.co2 === null;
  for (const name of ["word", "shown", "headline", "advice", "more", "measured", "temperature", "humidity"]) set(name, air[name]);
  const pointer = light.querySelector("[data-pointer]");
  if (pointer && air.co2 !== null) pointer.setAttribute("x", `${(Math.min(Math.max(air.co2, 400), 2000) - 400) / 16}%`);
  light.dataset.at = air.at ?? "";
  document.dispatchEvent(new CustomEvent("schoolklimaat:reading", { detail: air }));
}

function watch(light) {
  const pause = Number(light.dataset.pollMs);
  let etag = null, timer = null, failures = 0;
  const next = () => {
    const wait = Math.min(pause * 2 ** failures, LONGEST_MS);
    timer = window.setTimeout(ask, wait + Math.random() * pause * 0.15);
  };
  const ask = async () => {
    timer = null;
    try {
      const headers = { Accept: "application/json", ...(etag ? { "If-None-Match": etag } : {}) };
      const response = await fetch(light.dataset.liveUrl, { headers, cache: "no-store" });
      if (response.status === 401 || response.status === 404) return;
      if (response.ok) {
        etag = response.headers.get("ETag");
        apply(light, await response.json());
      }
      failures = response.ok || response.status === 304 ? 0 : failures + 1;
    } catch {
      failures += 1;
    }
    if (!document.hidden) next();
  };
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      window.clearTimeout(timer);
      timer = null;
    } else if (timer === null) {
      ask();
    }
  });
  next();
}

for (const light of document.querySelectorAll("[data-live-url]")) watch(light);
