// A lesson step that saves while somebody types and loses nothing when the network breaks.
// Everything goes through an outbox in localStorage: first there, then to the server, and only then out of it.
// Each entry has a key of its own (a UUID); the server counts a key once, so sending twice does no harm.

import { startReading, startSpacing } from "./reading_help.js";

const page = document.querySelector("[data-lesson]");
const { learner, who, standUrl, answerUrl } = page.dataset;
const words = JSON.parse(page.dataset.words);
const OUTBOX = "schoolklimaat-uit";
const TYPING_MS = 900;
const AGAIN_MS = 15_000;
let token = document.querySelector("[name=csrf_token]").value;
let sending = false;
let waitingForMore = null;

const status = document.querySelector("[data-saved]");
function say(text) {
  status.textContent = text;
}

function outbox() {
  try {
    return JSON.parse(localStorage.getItem(OUTBOX)) ?? [];
  } catch {
    return [];
  }
}

function keepOutbox(entries) {
  localStorage.setItem(OUTBOX, JSON.stringify(entries));
}

// A draft writes over the draft of the same key that has not gone out yet.
function put(entry) {
  keepOutbox([...outbox().filter((each) => each.body.client_key !== entry.body.client_key), entry]);
}

function take(entry) {
  keepOutbox(outbox().filter((each) => each.id !== entry.id));
}

// What the server will not take (a lesson that is no longer this pupil's) stays here and is shown again, but not sent.
const mine = () => outbox().filter((entry) => entry.learner === learner);
const toSend = () => mine().filter((entry) => !entry.stuck);
const newKey = () => crypto.randomUUID?.() ?? Array.from({ length: 32 }, () => Math.floor(Math.random() * 16).toString(16)).join("");

async function freshToken() {
  const response = await fetch(standUrl, { headers: { Accept: "application/json" }, cache: "no-store" });
  if (!response.ok) return false;
  const stand = await response.json();
  token = stand.csrf;
  for (const field of document.querySelectorAll("[name=csrf_token]")) field.value = token;
  return stand.learner === learner;
}

async function post(entry) {
  return fetch(entry.url, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token },
    body: JSON.stringify(entry.body),
  });
}

async function sendOne(entry) {
  let response = await post(entry);
  if (response.status === 400 && (await freshToken())) response = await post(entry);
  if (response.status === 401 || response.redirected) throw new Error("signed_out");
  if (response.status >= 500 || response.status === 429 || response.status === 400) throw new Error("away");
  if (!response.ok) return null;
  return response.json();
}

async function send() {
  if (sending) return;
  sending = true;
  window.clearTimeout(waitingForMore);
  try {
    for (let entry = toSend()[0]; entry; entry = toSend()[0]) {
      const answered = await sendOne(entry);
      take(entry);
      if (answered === null) {
        put({ ...entry, stuck: true });
        say(words.kept);
      } else {
        show(entry, answered);
      }
    }
  } catch (problem) {
    say(words[problem.message === "signed_out" ? "signed_out" : "offline"]);
    waitingForMore = window.setTimeout(send, AGAIN_MS);
  } finally {
    sending = false;
  }
}

// What the server says of an answer takes the place of the question, unless somebody typed on meanwhile.
function show(entry, answered) {
  if (answered.saved) say(words.saved.replace("{time}", answered.saved));
  const section = document.querySelector(`[data-item="${CSS.escape(entry.body.item)}"]`);
  if (!answered.html || !section || section.dataset.typed > entry.at) return;
  const fresh = document.createRange().createContextualFragment(answered.html).firstElementChild;
  section.replaceWith(fresh);
  prepare(fresh);
  fresh.querySelector(".terugvak")?.setAttribute("aria-live", "polite");
  fresh.focus({ preventScroll: true });
}

function filledIn(form) {
  const found = {};
  for (const [name, value] of new FormData(form)) {
    if (["csrf_token", "item", "learner", "client_key", "verstuur", "verplaats"].includes(name)) continue;
    (found[name] ??= []).push(value);
  }
  return found;
}

function enqueue(form, draft) {
  const body = {
    item: form.elements.namedItem("item").value,
    learner,
    client_key: draft ? `d-${form.elements.namedItem("client_key").value}` : form.elements.namedItem("client_key").value,
    draft,
    filled_in: filledIn(form),
  };
  put({ id: newKey(), learner, url: answerUrl, at: Date.now(), body });
  say(words.saving);
  return send();
}

function move(button) {
  const row = button.closest("li");
  const other = button.dataset.move === "-1" ? row.previousElementSibling : row.nextElementSibling;
  if (!other) return;
  if (button.dataset.move === "-1") other.before(row);
  else other.after(row);
  button.focus();
}

function prepare(section) {
  const form = section.querySelector("form[data-answer]");
  if (!form) return;
  // A page from the cache names a key that may have been used: each showing of a question gets its own.
  form.elements.namedItem("client_key").value = newKey();
  let timer = null;
  const typed = () => {
    section.dataset.typed = Date.now();
    window.clearTimeout(timer);
    timer = window.setTimeout(() => enqueue(form, true), TYPING_MS);
  };
  form.addEventListener("input", typed);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    window.clearTimeout(timer);
    const button = event.submitter;
    if (button?.dataset.move) {
      move(button);
      typed();
      return;
    }
    keepOutbox(outbox().filter((entry) => entry.body.client_key !== `d-${form.elements.namedItem("client_key").value}`));
    enqueue(form, false);
  });
  // Leaving the page does not wait for the pause in typing.
  window.addEventListener("pagehide", () => {
    if (timer !== null && section.dataset.typed && section.isConnected) {
      window.clearTimeout(timer);
      put({ id: newKey(), learner, url: answerUrl, at: Date.now(), body: {
        item: form.elements.namedItem("item").value, learner, client_key: `d-${form.elements.namedItem("client_key").value}`, draft: true, filled_in: filledIn(form),
      } });
    }
  });
}

// What waits here but never reached the server is shown again: a page from the cache knows nothing of it.
function restore() {
  for (const entry of mine()) {
    const form = document.querySelector(`[data-item="${CSS.escape(entry.body.item)}"] form[data-answer]`);
    if (!form) continue;
    for (const [name, values] of Object.entries(entry.body.filled_in)) {
      const fields = [...form.querySelectorAll(`[name="${CSS.escape(name)}"]`)];
      for (const [place, field] of fields.entries()) {
        if (["radio", "checkbox"].includes(field.type)) field.checked = values.includes(field.value);
        else if (field.type !== "hidden" && values[place] !== undefined) field.value = values[place];
      }
    }
  }
}

for (const section of document.querySelectorAll("[data-item]")) prepare(section);
restore();
window.addEventListener("online", send);
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && send());
document.querySelector("[data-hand-in]")?.addEventListener("submit", async (event) => {
  const form = event.currentTarget;
  event.preventDefault();
  await send();
  if (toSend().length === 0) form.submit();
  else say(words.offline);
});
startReading(page.parentElement);
startSpacing();
if (toSend().length) send();
if (outbox().some((entry) => entry.learner !== learner)) say(words.other);

if ("serviceWorker" in navigator) {
  navigator.serviceWorker.register("/klas/werker.js").then(async () => {
    const worker = (await navigator.serviceWorker.ready).active;
    const scripts = performance.getEntriesByType("resource").map((one) => one.name).filter((name) => name.startsWith(location.origin));
    worker?.postMessage({ who, page: location.href, files: scripts });
  }).catch((problem) => console.warn(problem));
}
