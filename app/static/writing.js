// The form in which a letter is written: the preview beside it follows the typing, leaving warns
// while something is unsaved, and nothing is sent while nobody could take it.

const QUIET = 600; // milliseconds without typing, before the preview is asked for
const room = document.querySelector("[data-writing]");
const form = room.querySelector("[data-text]");
const problem = form.querySelector("[data-problem]");
const preview = form.querySelector("[data-preview]");
let unsaved = "unsaved" in room.dataset;
let admitted = false;
let pause, asked = 0;

form.addEventListener("input", typed);
form.addEventListener("input", (event) => mended(event.target));
form.addEventListener("change", (event) => { if ("logo" in event.target.dataset) grow("lead", ""); });
form.addEventListener("submit", submit);
addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });

function typed() {
  unsaved = true;
  clearTimeout(pause);
  pause = setTimeout(refresh, QUIET);
}

// What was wrong with a field is said no longer once it is edited: whether it is right now, saving tells.
function mended(field) {
  if (field.ariaInvalid !== "true") return;
  field.ariaInvalid = null;
  document.getElementById(`${field.id}-error`)?.remove();
  const described = (field.getAttribute("aria-describedby") ?? "").split(" ").filter((id) => id !== `${field.id}-error`);
  if (described.join("")) field.setAttribute("aria-describedby", described.join(" "));
  else field.removeAttribute("aria-describedby");
  const summary = document.querySelector("[data-error-summary]");
  summary?.querySelector(`a[href="#${field.id}"]`)?.closest("li").remove();
  summary?.querySelector("p")?.remove(); // its number is no longer right
  if (summary && !summary.querySelector("li")) summary.remove();
}

function submit(event) {
  const button = event.submitter;
  if (admitted) return;
  event.preventDefault();
  if (button?.name === "more") grow(button.value, button.value);
  else if (button?.hasAttribute("formaction")) look();
  else save(button);
}

// Asks who is signed in before it sends the form: what is typed would be lost on the way to signing in.
async function save(button) {
  const page = await answered("GET", form.getAttribute("action"));
  const csrf = page?.querySelector("[data-text] [name=csrf]");
  if (!csrf) return tell(!page ? "unreachable" : page.querySelector("[name=email]") ? "signedOut" : "failed");
  form.elements.csrf.value = csrf.value;
  admitted = true;
  unsaved = false;
  form.requestSubmit(button);
}

async function look() {
  if (!await refresh()) return;
  const said = room.querySelector("[data-said]");
  said.textContent = said.dataset.ready;
  room.querySelector(".preview").focus();
}

async function refresh() {
  const fields = new FormData(form);
  for (const file of form.querySelectorAll("[data-logo]")) fields.delete(file.name);
  const number = ++asked;
  const page = await answered("POST", preview.formAction, fields);
  return number === asked && show(page);
}

// One more row, or the logo that was chosen: the site answers with all rows of that part.
async function grow(part, more) {
  unsaved = true;
  const rows = form.querySelector(`[data-rows="${part}"]`);
  const fields = new FormData(form);
  if (more) fields.set("more", more);
  rows.inert = true; // what is typed there meanwhile would be lost
  const page = await answered("POST", preview.formAction, fields);
  rows.inert = false;
  if (!show(page)) return;
  const focused = document.activeElement.id;
  const fresh = page.querySelector(`[data-rows="${part}"]`);
  rows.replaceChildren(...fresh.childNodes);
  const inputs = rows.querySelectorAll("input[type=text], textarea");
  const last = [...inputs].filter((one) => one.name.startsWith(part === "lead" ? "lead_name" : part)).at(-1);
  if (more) last.focus();
  else document.getElementById(focused)?.focus();
}

function show(page) {
  const shown = page?.querySelector("[data-shown]");
  tell(shown ? "" : "failed");
  if (shown) room.querySelector("[data-shown]").replaceChildren(...shown.childNodes);
  return Boolean(shown);
}

function tell(what) {
  problem.textContent = what ? room.dataset[what] : "";
  problem.hidden = !what;
}

// A page as a document, null where none came. Nothing of it runs: no policy needs to trust it.
function answered(method, address, fields) {
  return new Promise((answer) => {
    const request = new XMLHttpRequest();
    request.open(method, address);
    request.responseType = "document";
    request.onload = () => answer(request.response);
    request.onerror = () => answer(null);
    request.send(fields);
  });
}
