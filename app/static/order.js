// Arranges the list by dragging a line or with its arrows. The numbers beside the lines, which do
// the same without script, follow the order of the lines.

const form = document.querySelector("[data-order]");

if (form) {
  const list = form.querySelector("ol");
  for (const hidden of form.querySelectorAll(".moves")) hidden.hidden = false;
  document.querySelector("[data-order-help]").hidden = false;
  document.querySelector(".no-script").hidden = true;
  for (const line of list.children) line.draggable = true;
  list.addEventListener("click", step);
  list.addEventListener("change", place);
  list.addEventListener("dragstart", (event) => event.target.classList.add("dragged"));
  list.addEventListener("dragover", drag);
  list.addEventListener("dragend", drop);
}

function step(event) {
  const button = event.target.closest("[data-move]");
  if (!button) return;
  const line = button.closest("li");
  if (button.dataset.move === "up") line.previousElementSibling?.before(line);
  else line.nextElementSibling?.after(line);
  button.focus();
  settle(line);
}

function place(event) {
  if (event.target.type !== "number") return;
  const line = event.target.closest("li");
  const others = [...line.parentElement.children].filter((other) => other !== line);
  const wanted = Math.min(Math.max(1, event.target.valueAsNumber || 1), others.length + 1);
  if (wanted > others.length) others.at(-1)?.after(line);
  else others[wanted - 1].before(line);
  event.target.focus();
  settle(line);
}

function drag(event) {
  const dragged = form.querySelector(".dragged");
  const over = event.target.closest?.("li");
  if (!dragged || !over) return;
  event.preventDefault();
  if (over === dragged) return;
  const box = over.getBoundingClientRect();
  if (event.clientY < box.top + box.height / 2) over.before(dragged);
  else over.after(dragged);
}

function drop() {
  const dragged = form.querySelector(".dragged");
  dragged?.classList.remove("dragged");
  if (dragged) settle(dragged);
}

function settle(moved) {
  const lines = [...moved.parentElement.children];
  lines.forEach((line, index) => { line.querySelector("[type=number]").value = index + 1; });
  const status = form.querySelector("[data-moved]");
  const sentence = status.dataset.moved.replace("{name}", () => moved.dataset.name);
  status.textContent = sentence.replace("{position}", lines.indexOf(moved) + 1);
}
