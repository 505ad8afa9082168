// The form that brings a letter in: while the file is read the button says so, and a second press
// sends nothing. An error is shown first.

const AGAIN_AFTER = 60_000; // milliseconds, in case the first try never left
const form = document.querySelector("[data-importing]");
const button = form.querySelector("[data-busy]");
const ready = button.textContent;

form.addEventListener("submit", once);
window.addEventListener("pageshow", rest);

function once(event) {
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "yes";
  form.setAttribute("aria-busy", "true");
  button.textContent = button.dataset.busy;
  setTimeout(rest, AGAIN_AFTER);
}

function rest() {
  delete form.dataset.sent;
  form.removeAttribute("aria-busy");
  button.textContent = ready;
}
