// Arranges each part of the list by dragging a line's handle, or with its arrows. The numbers
// beside the lines, which do the same without script, follow the order of the lines.

const form = document.querySelector("[data-order]");
const KEYS = { ArrowUp: "up", ArrowDown: "down", Home: "first", End: "last" };
const EDGE = 90; // pixels from the window's edge, within which dragging scrolls
let held = null; // the line being dragged, where it came from, and the pointer's height
let unsaved = false;

if (form) {
  for (const hidden of form.querySelectorAll(".moves, .handle")) hidden.hidden = false;
  for (const handle of form.querySelectorAll(".handle")) handle.ariaHidden = "true"; // for pointers
  document.querySelector("[data-order-help]").hidden = false;
  document.querySelector(".no-script").hidden = true;
  form.addEventListener("click", (event) => step(event, event.target.closest("[data-move]")?.dataset.move));
  form.addEventListener("keydown", (event) => step(event, KEYS[event.key]));
  form.addEventListener("change", place);
  form.addEventListener("pointerdown", grab);
  form.addEventListener("pointermove", (event) => { if (held) held.y = event.clientY; });
  form.addEventListener("pointerup", drop);
  form.addEventListener("pointercancel", drop);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") putBack(); });
  form.addEventListener("submit", () => { unsaved = false; });
  addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });
}

function step(event, way) {
  const button = event.target.closest("[data-move]");
  if (!button || !way) return;
  event.preventDefault();
  const line = button.closest("li");
  if (way === "up") line.previousElementSibling?.before(line);
  else if (way === "down") line.nextElementSibling?.after(line);
  else if (way === "first") line.parentElement.prepend(line);
  else line.parentElement.append(line);
  button.focus();
  settle(line);
}

function place(event) {
  if (event.target.type !== "number") return;
  const line = event.target.closest("li");
  const others = [...line.parentElement.children].filter((other) => other !== line);
  const wanted = (event.target.valueAsNumber || 1) - line.parentElement.start;
  if (wanted >= others.length) others.at(-1)?.after(line);
  else others[Math.max(0, wanted)].before(line);
  event.target.focus();
  settle(line);
}

function grab(event) {
  const line = event.target.closest("[data-handle]")?.closest("li");
  if (!line || event.button) return;
  event.preventDefault();
  form.setPointerCapture(event.pointerId);
  held = { line, next: line.nextElementSibling, y: event.clientY };
  line.classList.add("dragged");
  requestAnimationFrame(follow);
}

// The neighbours give way and the line itself stays in the document, or a finger would lose it.
function follow() {
  if (!held) return;
  const { line, y } = held;
  if (y < EDGE) scrollBy(0, -12);
  else if (y > innerHeight - EDGE) scrollBy(0, 12);
  while (line.previousElementSibling && y < middle(line.previousElementSibling)) line.after(line.previousElementSibling);
  while (line.nextElementSibling && y > middle(line.nextElementSibling)) line.before(line.nextElementSibling);
  requestAnimationFrame(follow);
}

function middle(line) {
  const box = line.getBoundingClientRect();
  return box.top + box.height / 2;
}

function drop() {
  const line = held?.line;
  const moved = line && line.nextElementSibling !== held.next;
  held = null;
  line?.classList.remove("dragged");
  if (moved) settle(line);
}

function putBack() {
  if (!held) return;
  held.line.parentElement.insertBefore(held.line, held.next);
  drop();
}

function settle(moved) {
  unsaved = true;
  const list = moved.parentElement;
  const lines = [...list.children];
  lines.forEach((line, index) => { line.querySelector("[type=number]").value = list.start + index; });
  const status = form.querySelector("[data-moved]");
  const sentence = status.dataset.moved.replace("{name}", () => moved.dataset.name);
  status.textContent = sentence.replace("{position}", list.start + lines.indexOf(moved));
}
