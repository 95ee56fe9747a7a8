// The page is rendered by the server. This script sends what a person does, fetches the page again and lets
// `morph` apply the difference; it holds no words and no copy of the state.

import { answer, startComposer, write } from "./composer.js";
import { openForm } from "./form.js";
import { morph } from "./morph.js";
import { draw as drawTeams } from "./teams.js";

const POLL_MS = 3000;
const MINUTE_MS = 60_000; // the clock on the page shows minutes

const page = document.getElementById("page");
const words = document.getElementById("words").dataset;
const toast = document.querySelector(".toast");
const person = () => page.dataset.person;
const place = () => page.dataset.place;
const log = () => page.querySelector("[role=log]");

// --- talking to the server ------------------------------------------------------------------------------

async function post(name, body) {
  const response = await fetch(`/playground/${name}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  const said = await response.json();
  return response.ok ? said : { error: said.error };
}

/** Runs one act at a time per button; a server that is gone is said once, kindly. */
async function act(button, work) {
  if (button?.ariaBusy === "true") return;
  if (button) button.ariaBusy = "true";
  tell("");
  try {
    return await work();
  } catch {
    tell(words.offline);
  } finally {
    if (button) button.ariaBusy = null;
  }
}

let asked = 0;
let rendered = "";

async function refresh(address = location.href) {
  const mine = ++asked;
  const response = await fetch(address, { headers: { Accept: "text/html" } });
  const text = await response.text();
  // A later question makes this answer old news.
  if (mine !== asked || !response.ok || text === rendered) return;
  rendered = text;
  apply(new DOMParser().parseFromString(text, "text/html"));
}

function apply(fresh) {
  const before = { person: person(), log: log()?.id, last: log()?.lastElementChild?.id };
  const wasAtEnd = isAtEnd();
  const held = document.activeElement.closest("article")?.id;
  morph(page, fresh.getElementById("page"));
  document.title = fresh.title;
  // The pressed button went away with its card's old state: stay on the card, do not fall back to the top.
  if (held && document.activeElement === document.body) document.getElementById(held)?.focus({ preventScroll: true });
  if (before.log !== log()?.id || (wasAtEnd && before.last !== log()?.lastElementChild?.id)) toEnd();
  if (before.person !== person()) listen();
  settleIn();
}

// --- what is on the screen -----------------------------------------------------------------------------------

/** Stays until the next act: nobody reads a refusal against the clock. */
const tell = (text) => (toast.textContent = text);

const isAtEnd = () => !log() || log().scrollHeight - log().scrollTop - log().clientHeight < 80;

function settleIn() {
  countFresh();
  for (const link of page.querySelectorAll(".where [aria-current]")) link.scrollIntoView({ block: "nearest", inline: "nearest" });
}

const toEnd = () => log() && (log().scrollTop = log().scrollHeight);

function pointAt(message) {
  const article = document.getElementById(`message-${message}`);
  if (!article) return;
  article.scrollIntoView({ block: "nearest" });
  article.classList.add("pointed");
}

/** Shows how many messages arrived where nobody looked since; "seen" is per person and place, and per tab. */
function countFresh() {
  const seen = JSON.parse(sessionStorage.getItem("kept-seen") ?? "{}");
  for (const link of page.querySelectorAll("[data-counter]")) {
    const { counter, count } = link.dataset;
    if (counter === `${person()}/${place()}`) seen[counter] = Number(count);
    seen[counter] ??= Number(count);
    const fresh = Number(count) - seen[counter];
    const badge = link.querySelector(".fresh");
    badge.textContent = fresh > 0 ? `${fresh} ${words.new}` : "";
    badge.hidden = fresh <= 0;
  }
  sessionStorage.setItem("kept-seen", JSON.stringify(seen));
}

/** Where something new waits, one is led to it: a person's counter counts what Kept told them in private. */
function destination(link) {
  const address = new URL(link.href);
  const [, waiting] = link.dataset.counter.split("/");
  if (!link.querySelector(".fresh").hidden) address.searchParams.set("place", waiting);
  return address;
}

async function go(address) {
  history.pushState(null, "", address);
  await refresh();
}

// --- what a person can do ---------------------------------------------------------------------------------

/** What follows from any act: a form to fill in, a refusal to read, or the page as it is now. */
async function settle(said) {
  if (said.form) openForm(said.form, said.error, { submit, preview, settle: (answer) => act(null, () => settle(answer)) });
  else if (said.error) tell(said.error);
  await refresh();
  if (said.message) pointAt(said.message);
  return !said.error;
}

async function submit(form, values) {
  const said = await act(null, () => post("submit", { person: person(), form: form.token, values }));
  return said ?? { error: words.offline };
}

/** Nothing where it cannot be had: what is typed is looked at again when it is submitted. */
async function preview(form, field, values) {
  const said = await post("read", { person: person(), form: form.token, field, values }).catch(() => ({ error: words.offline }));
  return said.error ? undefined : said;
}

const say = (text, replyTo) =>
  act(null, async () => settle(await post("say", { person: person(), place: place(), text, ...(replyTo && { reply_to: replyTo }) })));

async function press({ dataset }) {
  await settle(await post("press", { person: person(), message: dataset.message, verb: dataset.verb, value: dataset.value }));
}

async function advance(body) {
  const said = await post("advance", body);
  await refresh();
  tell(said.error ?? `${words.itIsNow} ${page.querySelector(".now time").textContent}`);
}

async function playStory() {
  const said = await post("story", { next: true });
  if (said.error) return tell(said.error);
  await go(`/?${new URLSearchParams({ as: said.person, place: said.place })}`);
  if (said.message) pointAt(said.message);
}

let drawing = 0;

async function look(message) {
  const dialog = document.getElementById("look-dialog");
  dialog.dataset.message = message;
  await draw(dialog);
  if (!dialog.open) dialog.showModal();
}

/** The message in the chosen format. An answer that comes after another was asked for is too late. */
async function draw(dialog) {
  const turn = ++drawing;
  const { message } = dialog.dataset;
  const format = dialog.querySelector(":checked").value;
  const query = new URLSearchParams({ as: person(), format });
  const response = await fetch(`/playground/message/${encodeURIComponent(message)}?${query}`);
  const isJson = response.ok && response.headers.get("Content-Type")?.includes("json");
  const said = isJson ? await response.json() : response.ok ? await response.text() : words.gone;
  const picture = isJson && format === "teams" ? [await drawTeams(said, inTeams(dialog, message))] : [];
  if (turn !== drawing) return;
  dialog.querySelector(".drawn").replaceChildren(...picture);
  const payload = dialog.querySelector(".payload");
  payload.textContent = isJson ? JSON.stringify(said, null, 2) : said;
  payload.classList.toggle("empty", !response.ok);
  dialog.querySelector("[data-copies]").textContent = words.copy;
}

/** What is pressed in the picture is pressed in the conversation. */
const inTeams = (dialog, message) => ({
  theme: document.querySelector("[data-theme-toggle]").ariaPressed === "true" ? "dark" : "light",
  press: (verb, value) => {
    dialog.close();
    act(null, () => press({ dataset: { message, verb, value } }));
  },
});

/** The moment at which clocks in `zone` show `wall`; within an hour of a clock change it may be off by that hour. */
function moment(wall, zone) {
  const guess = new Date(`${wall}Z`);
  const shown = new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short", timeStyle: "medium" }).format(guess);
  return new Date(2 * guess - new Date(`${shown.replace(" ", "T")}Z`)).toISOString();
}

function askMoment() {
  const input = document.getElementById("moment-to");
  input.value = input.min = page.querySelector(".now time").dateTime.slice(0, "2026-03-03T10:20".length);
  document.getElementById("moment-dialog").showModal();
}

const ACTS = {
  "data-verb": press,
  "data-advance-next": () => advance({ next: true }),
  "data-advance-by": ({ dataset }) => advance({ by: dataset.advanceBy }),
  "data-advance-to": ({ dataset }) => advance({ to: dataset.advanceTo }),
  "data-story-next": playStory,
  "data-look": ({ dataset }) => look(dataset.look),
  "data-answer": ({ dataset }) => answer(dataset.answer, dataset.author),
  "data-write": ({ dataset }) => write(dataset.write),
  "data-advance-ask": askMoment,
  "data-closes": (button) => button.closest("dialog").close(),
  "data-copies": async (button) => {
    await navigator.clipboard.writeText(document.querySelector(".payload").textContent);
    button.textContent = words.copied;
  },
};

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-counter]");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    act(link, () => go(destination(link)));
    return;
  }
  const button = event.target.closest("button");
  const name = button && Object.keys(ACTS).find((each) => button.hasAttribute(each));
  if (name) act(button, () => ACTS[name](button));
});

document.getElementById("look-dialog").addEventListener("change", ({ currentTarget }) => act(null, () => draw(currentTarget)));

document.querySelector("#moment-dialog form").addEventListener("submit", () => {
  const wall = document.getElementById("moment-to").value;
  act(null, () => advance({ to: moment(wall, page.dataset.zone) }));
});

addEventListener("popstate", () => act(null, () => refresh()));

// --- live updates -------------------------------------------------------------------------------------------

let stream;
let poll;

const quietly = () => refresh().catch(() => {});

function listen() {
  stream?.close();
  stream = new EventSource(`/playground/events?${new URLSearchParams({ as: person() })}`);
  stream.addEventListener("changed", quietly);
  stream.addEventListener("open", () => clearInterval(poll));
  stream.addEventListener("error", () => {
    clearInterval(poll);
    poll = setInterval(quietly, POLL_MS);
  });
}

startComposer(say);
listen();
settleIn();
toEnd();
setInterval(quietly, MINUTE_MS);
