// The sign form: fields that don't concern the chosen kind are left out, an error is shown first,
// and a second press of the button doesn't send twice. The stylesheet hides what is left out.

const AGAIN_AFTER = 10_000; // milliseconds, in case the first try never left
const form = document.querySelector("[data-sign]");

if (form) {
  form.addEventListener("change", suit);
  form.addEventListener("submit", once);
  window.addEventListener("pageshow", () => delete form.dataset.sent);
  suit();
}
// Again once the page is there: the jump to the form, which the address asks for, takes the place away.
const summary = document.querySelector("[data-error-summary]");
summary?.focus();
window.addEventListener("pageshow", () => summary?.focus());

function suit() {
  const kind = form.elements.kind.value;
  if (!kind) return;
  const isOrganisation = kind === "organisation";
  for (const field of form.querySelectorAll(".field.when-organisation :is(input, select)")) {
    field.disabled = !isOrganisation;
  }
  for (const name of ["organisation", "country", "authority"]) {
    form.elements[name].required = isOrganisation;
  }
}

function once(event) {
  if (form.dataset.sent) event.preventDefault();
  else setTimeout(() => delete form.dataset.sent, AGAIN_AFTER);
  form.dataset.sent = "yes";
}
