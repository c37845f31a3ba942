// Keeps the grid of a class up to date: asks every few seconds, stops while hidden, waits longer after a failure.

const LONGEST_MS = 30_000;
const MINUTE_MS = 60_000;
const page = document.querySelector("[data-follow]");
const words = JSON.parse(page.dataset.words);
const pause = Number(page.dataset.pollMs);
let hands = null;

function set(element, text) {
  if (element && element.textContent !== text) element.textContent = text;
}

function template(selector) {
  return document.querySelector(selector).content.firstElementChild.cloneNode(true);
}

function say(word, state) {
  const live = document.querySelector("[data-live-word]");
  live.classList.toggle("aan", state === "aan");
  live.classList.toggle("weg", state === "weg");
  set(live.querySelector("span"), word);
}

function clockTime() {
  const at = new Date();
  const minutes = String(at.getMinutes()).padStart(2, "0");
  return document.documentElement.lang === "en" ? `${String(at.getHours()).padStart(2, "0")}:${minutes}` : `${at.getHours()}.${minutes} uur`;
}

function drawRows(rows) {
  for (const [key, letters] of rows) {
    const row = document.querySelector(`[data-row="${key}"]`);
    if (row.dataset.cells === letters) continue;
    const cells = row.querySelectorAll("td");
    [...letters].forEach((letter, at) => {
      if (row.dataset.cells?.[at] !== letter) cells[at].replaceChildren(template(`template[data-cell="${letter}"]`));
    });
    row.dataset.cells = letters;
    row.querySelector(".dier").classList.toggle("roept", letters.includes("h"));
  }
}

function drawFigures(name, figures) {
  const cells = document.querySelectorAll(`[data-${name}] td`);
  figures.forEach((figure, at) => set(cells[at], figure));
}

function sinceWords(hand) {
  const minutes = Math.floor((Date.now() - hand.since) / MINUTE_MS);
  const sentence = minutes < 1 ? words.now : minutes === 1 ? words.minute : words.minutes;
  return sentence.replace("{step}", hand.step).replace("{minutes}", minutes);
}

function drawHands(listed) {
  const list = document.querySelector("[data-hands]");
  const same = JSON.stringify(listed) === JSON.stringify(hands);
  if (!same) {
    const focused = list.contains(document.activeElement);
    list.replaceChildren(
      ...listed.map((hand) => {
        const row = template("template[data-hand-row]");
        const animal = document.querySelector(`[data-row="${hand.key}"] .dierkop`);
        if (animal) row.querySelector("[data-animal]").replaceChildren(animal.cloneNode(true));
        row.querySelector("[data-name]").textContent = hand.name;
        const who = row.querySelector("[name=wie]");
        if (who) who.value = hand.attempt;
        return row;
      }),
    );
    if (focused) list.querySelector("button")?.focus();
    document.querySelector("[data-no-hands]").hidden = listed.length > 0;
    hands = listed;
  }
  list.querySelectorAll("[data-since]").forEach((element, at) => set(element, sinceWords(listed[at])));
}

function drawHardest(hardest) {
  const card = document.querySelector("[data-hardest]");
  card.hidden = hardest === null;
  if (hardest === null) return;
  set(card.querySelector("[data-hard-title]"), hardest.title);
  set(card.querySelector("[data-hard-prompt]"), hardest.prompt);
  set(card.querySelector("[data-hard-step]"), hardest.step);
  card.querySelector("[data-hard-url]").href = hardest.url;
  card.querySelector("[data-hard-bars]").replaceChildren(
    ...hardest.bars.map(([text, count, width, right]) => {
      const bar = template(right ? "template[data-bar-right]" : "template[data-bar]");
      bar.querySelector(".rij > span:last-child").textContent = text;
      bar.querySelector("b").textContent = count;
      bar.querySelector("rect").setAttribute("width", width);
      return bar;
    }),
  );
}

function draw(state) {
  const shown = [...document.querySelectorAll("[data-row]")].map((row) => row.dataset.row);
  const keys = state.rows.map(([key]) => key);
  if (state.stand !== page.dataset.stand || keys.join() !== shown.join()) {
    window.location.reload(); // paused, a step opened, or somebody came in: the page itself is another one
    return;
  }
  set(document.querySelector("[data-headline]"), state.headline);
  drawRows(state.rows);
  drawFigures("done", state.done);
  drawFigures("first", state.first);
  set(document.querySelector("[data-hands-title]"), state.hands_title);
  drawHands(state.hands);
  drawHardest(state.hardest);
  set(document.querySelector("[data-waiting-title]"), state.waiting_title);
  set(document.querySelector("[data-waiting-text]"), state.waiting_text);
}

let etag = null, timer = null, failures = 0;

function next() {
  timer = window.setTimeout(ask, Math.min(pause * 2 ** failures, LONGEST_MS) + Math.random() * pause * 0.15);
}

async function ask() {
  timer = null;
  try {
    const headers = { Accept: "application/json", ...(etag ? { "If-None-Match": etag } : {}) };
    const response = await fetch(page.dataset.follow, { headers, cache: "no-store" });
    if (response.status === 401 || response.status === 404) {
      say(words.away, "weg");
      return;
    }
    if (response.ok) {
      etag = response.headers.get("ETag");
      draw(await response.json());
    } else if (response.status === 304 && hands) {
      drawHands(hands);
    }
    const fine = response.ok || response.status === 304;
    failures = fine ? 0 : failures + 1;
    say(fine ? words.live.replace("{time}", clockTime()) : words.away, fine ? "aan" : "weg");
  } catch {
    failures += 1;
    say(words.away, "weg");
  }
  if (!document.hidden) next();
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden) {
    window.clearTimeout(timer);
    timer = null;
  } else if (timer === null) {
    ask();
  }
});
document.querySelector("[data-renew]").hidden = true;
ask();
