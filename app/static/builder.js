// Shows the code and the preview for what is chosen in the embed builder, and copies the code.

const form = document.querySelector("[data-builder]");
const result = document.querySelector("[data-result]");
let asked; // the newest of our requests: answers to older ones come too late

form.querySelector("[data-show]").hidden = true;
form.addEventListener("change", build);
result.addEventListener("click", (event) => { if (event.target.matches("[data-copy]")) copy(); });
offerToCopy();

function build() {
  if (document.querySelector("[data-error-summary]")) return form.submit(); // it goes with the error
  const address = `${form.action}?${new URLSearchParams(new FormData(form))}`;
  asked?.abort();
  asked = new XMLHttpRequest();
  asked.responseType = "document";
  asked.onload = () => {
    const made = asked.response?.querySelector("[data-result]");
    if (asked.status !== 200 || !made) return form.submit(); // signed out meanwhile, or a number that can't be: the page says so
    result.replaceChildren(...made.childNodes);
    history.replaceState(null, "", address);
    offerToCopy();
  };
  asked.onerror = () => form.submit();
  asked.open("GET", address);
  asked.send();
}

function offerToCopy() {
  result.querySelector("[data-copy]").hidden = !navigator.clipboard;
}

async function copy() {
  const code = result.querySelector("#code");
  const line = result.querySelector("[data-copied]");
  try {
    await navigator.clipboard.writeText(code.value);
    line.textContent = line.dataset.copied;
  } catch {
    code.select();
    line.textContent = line.dataset.notCopied;
  }
}
