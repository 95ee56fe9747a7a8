// The line one writes in: slash commands complete with the arrow keys, and a message can be answered.
// The server renders one per person and place; what is typed or opened in it is `data-own` and survives a refresh.

const line = () => document.getElementById("composer-text");
const list = () => document.getElementById("completions");
const options = () => [...(list()?.querySelectorAll("[role=option]") ?? [])];
const shown = () => options().filter((option) => !option.hidden);
const active = () => options().find((option) => option.ariaSelected === "true");

const note = () => document.querySelector(".answering"); // carries the id of the message being answered

function point(option) {
  for (const each of options()) each.ariaSelected = String(each === option);
  line().setAttribute("aria-activedescendant", option?.id ?? "");
  option?.scrollIntoView({ block: "nearest" });
}

function complete() {
  const typed = line().value.toLowerCase();
  const isCommand = typed.startsWith("/");
  for (const option of options()) option.hidden = !isCommand || !option.dataset.text.trim().startsWith(typed.trim());
  show(isCommand && shown().length > 0 && shown().some((option) => option.dataset.text !== typed));
}

function show(isOpen) {
  if (!list()) return;
  list().hidden = !isOpen;
  line().setAttribute("aria-expanded", String(isOpen));
  point(null);
}

function step(by) {
  const all = shown();
  const at = all.indexOf(active());
  point(all[at < 0 ? (by > 0 ? 0 : all.length - 1) : (at + by + all.length) % all.length]);
}

export function write(text) {
  line().value = text;
  line().focus();
  complete();
}

/** An empty `message` answers none. */
export function answer(message, author = "") {
  note().dataset.message = message;
  note().hidden = !message;
  note().querySelector("b").textContent = author;
  line().focus();
}

export function startComposer(send) {
  document.addEventListener("input", ({ target }) => target === line() && complete());
  document.addEventListener("focusout", ({ target }) => target === line() && show(false));
  // Not click: the list would close on losing focus before a click arrives.
  document.addEventListener("pointerdown", (event) => {
    const option = event.target.closest("#completions [role=option]");
    if (!option) return;
    event.preventDefault();
    write(option.dataset.text);
  });
  document.addEventListener("keydown", (event) => {
    if (event.target !== line() || !list() || list().hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      step(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && active()) {
      event.preventDefault();
      write(active().dataset.text);
    } else if (event.key === "Escape") {
      show(false);
    }
  });
  document.addEventListener("submit", async (event) => {
    if (!event.target.matches(".composer")) return;
    event.preventDefault();
    const text = line().value.trim();
    if (!text) return;
    const replyTo = note().dataset.message;
    line().value = "";
    show(false);
    answer("");
    if (!(await send(text, replyTo)) && !line().value) line().value = text;
  });
}
