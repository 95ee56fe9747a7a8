// A FORM of the JSON contract as a modal dialog: labelled fields, errors beside them, focus on the first that needs it.

const dialog = document.getElementById("form-dialog");
const words = document.getElementById("words").dataset;
const form = dialog.querySelector("form");
const refusal = dialog.querySelector(".refusal");

const PAUSE_MS = 250;
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

let submitted; // what pressing the form's button does now
let read; // how a moment is read that is being typed

const make = (name, properties = {}, ...children) => {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
};

// Up to four choices are read faster side by side than in a menu.
const isShort = (field) => field.type === "choice" && (field.options ?? []).length <= 4;

function choices(field) {
  const group = make("fieldset", { className: "choices" }, make("legend", {}, field.label));
  for (const option of field.options ?? []) {
    const radio = make("input", { type: "radio", name: field.name, value: option.value });
    radio.checked = option.value === field.value;
    group.append(make("label", {}, radio, " ", option.label));
  }
  return group;
}

function menu(field) {
  const select = make("select", { name: field.name });
  if (!field.required || !field.value) select.append(make("option", { value: "" }, field.type === "person" ? words.nobody : ""));
  for (const option of field.options ?? []) select.append(make("option", { value: option.value }, option.label));
  select.value = field.value ?? "";
  return select;
}

const entered = () => Object.fromEntries(new FormData(form));

/** Kept's own reading stands below the field, for a wrong date is far worse than a second look. */
function moment(field, hint) {
  const typed = make("input", { type: "text", name: field.name, value: field.value ?? "", autocomplete: "off" });
  const day = make("input", { type: "date", className: "day-picker", tabIndex: -1, ariaLabel: field.label });
  hint.ariaLive = "polite";
  hint.textContent = field.hint || words.moment;
  let asked = 0;
  const say = async () => {
    const mine = ++asked;
    await pause(PAUSE_MS);
    // A later character makes this one old news, before the question and after the answer.
    const said = mine === asked && dialog.open && (await read(field.name, entered()));
    if (!said?.words || mine !== asked || !hint.isConnected) return;
    hint.textContent = said.words;
    hint.classList.toggle("unsure", Boolean(typed.value.trim()) && !said.certain);
  };
  typed.addEventListener("input", say);
  // Whose time it is hangs on who is chosen.
  typed.reread = () => typed.value && say();
  day.addEventListener("change", () => {
    typed.value = day.value || typed.value;
    say();
  });
  if (typed.value && !field.hint) say();
  return [typed, day];
}

function text(field) {
  const area = make("textarea", { name: field.name, value: field.value ?? "", rows: field.long ? 3 : 1 });
  // As in every chat: Enter sends, Shift+Enter starts a line.
  area.addEventListener("keydown", (event) => {
    if (field.long || event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
  return area;
}

function row(field) {
  const made = make("div", { className: "field" });
  const error = make("p", { className: "error", id: `error-${field.name}` }, field.error ?? "");
  error.hidden = !field.error;
  const hint = make("p", { className: "hint", id: `hint-${field.name}` }, field.hint ?? "");
  if (isShort(field)) {
    made.append(choices(field), error, hint);
    return made;
  }
  const drawn = { text, moment, choice: menu, person: menu }[field.type](field, hint);
  const [control, ...extras] = [drawn].flat();
  control.id = `field-${field.name}`;
  control.required = field.required;
  control.setAttribute("aria-invalid", String(Boolean(field.error)));
  const label = make("label", { htmlFor: control.id }, field.label);
  if (!field.required) label.append(" ", make("small", {}, words.optional));
  made.append(label, make("div", { className: "controls" }, control, ...extras), error, hint);
  control.setAttribute("aria-describedby", `${error.id} ${hint.id}`);
  return made;
}

function missing() {
  const empty = [...form.querySelectorAll("[required]")].filter((control) => !control.value.trim());
  for (const control of empty) {
    const error = document.getElementById(`error-${control.name}`);
    error.textContent = words.required;
    error.hidden = false;
    control.setAttribute("aria-invalid", "true");
  }
  return empty;
}

function refuse(said) {
  refusal.textContent = said ?? "";
  refusal.hidden = !said;
}

function draw(content, said) {
  form.querySelector("h2").textContent = content.title;
  form.querySelector("[type=submit]").textContent = content.submit;
  const preface = content.preface ? [make("p", { className: "preface", dir: "auto" }, content.preface)] : [];
  form.querySelector(".fields").replaceChildren(...preface, ...content.fields.map(row));
  refuse(said);
  const first = form.querySelector("[aria-invalid=true]") ?? form.querySelector(".fields :is(input, textarea, select)");
  first?.focus();
}

/**
 * Opens the dialog. `submit(form, values)` answers as the contract does: with a form to show again, a refusal,
 * or neither; then the dialog closes, which gives the focus back, and `settle(answer)` follows.
 * `preview(form, field, values)` says in words how what is typed into a moment is read, or nothing.
 */
export function openForm(content, said, { submit, preview, settle }) {
  read = (field, values) => preview(content, field, values);
  submitted = async () => {
    const [first] = missing();
    if (first) return first.focus();
    const answer = await submit(content, entered());
    if (answer.form) return openForm(answer.form, answer.error, { submit, preview, settle });
    if (answer.error) return refuse(answer.error);
    dialog.close();
    await settle(answer);
  };
  if (!dialog.open) dialog.showModal();
  draw(content, said);
}

form.addEventListener("change", ({ target }) => {
  if (target.matches("select")) for (const typed of form.querySelectorAll("input[type=text]")) typed.reread?.();
});

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = form.querySelector("[type=submit]");
  if (button.disabled) return;
  button.disabled = true;
  try {
    await submitted();
  } finally {
    button.disabled = false;
  }
});
