// Forms in which lines are ticked: a button that is pressed before anything is ticked says so, and
// sends nothing.

for (const form of document.querySelectorAll("form[data-choosing]")) {
  const said = form.querySelector("[data-unchosen]");
  form.addEventListener("submit", (event) => {
    const boxes = [...form.elements].filter((one) => one.name === "id");
    said.hidden = boxes.some((box) => box.checked);
    if (said.hidden) return;
    event.preventDefault();
    boxes[0]?.focus();
  });
  // Not on the form: a box may belong to it and stand elsewhere.
  document.addEventListener("change", (event) => {
    if (event.target.form === form) said.hidden = true;
  });
}
