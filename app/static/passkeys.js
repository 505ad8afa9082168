// Forms that a passkey completes: asks the site what for, the browser for the passkey, and sends
// what it answers in a field of the form. Browsers without passkeys don't get to see them.

const forms = window.PublicKeyCredential ? document.querySelectorAll("form[data-passkey]") : [];
const CEREMONIES = { create, get };

for (const form of forms) {
  form.hidden = false;
  form.addEventListener("submit", ask);
  // Gone back to, the page would send an answer that was used already.
  window.addEventListener("pageshow", () => (form.elements.credential.value = ""));
}
for (const note of document.querySelectorAll("[data-no-passkeys]")) note.hidden = forms.length > 0;

async function ask(event) {
  const form = event.currentTarget;
  if (form.elements.credential.value) return;
  event.preventDefault();
  if (form.ariaBusy === "true") return;
  form.ariaBusy = "true";
  say(form, "");
  try {
    const answer = await fetch(form.dataset.asking, { headers: { accept: "application/json" } });
    if (answer.redirected) return location.assign(answer.url);
    if (!answer.ok) return say(form, "away");
    const credential = await CEREMONIES[form.dataset.passkey](await answer.json());
    form.elements.credential.value = JSON.stringify(credential);
    form.requestSubmit();
  } catch (error) {
    say(form, { InvalidStateError: "known", TypeError: "away" }[error.name] ?? "failed");
  } finally {
    form.ariaBusy = "false";
  }
}

function say(form, what) {
  const note = form.querySelector("[role=alert]");
  note.textContent = what && note.dataset[what];
  note.hidden = !what;
}

async function create(options) {
  options.user.id = bytes(options.user.id);
  const made = await navigator.credentials.create({ publicKey: readied(options) });
  return sent(made, { attestationObject: made.response.attestationObject });
}

async function get(options) {
  const shown = await navigator.credentials.get({ publicKey: readied(options) });
  const { authenticatorData, signature, userHandle } = shown.response;
  return sent(shown, { authenticatorData, signature, userHandle });
}

// Not parseCreationOptionsFromJSON and toJSON: Safari has them only since 18.4.
function readied(options) {
  options.challenge = bytes(options.challenge);
  for (const list of [options.excludeCredentials, options.allowCredentials])
    for (const descriptor of list ?? []) descriptor.id = bytes(descriptor.id);
  return options;
}

function sent({ id, rawId, type, response }, parts) {
  const buffers = { clientDataJSON: response.clientDataJSON, ...parts };
  const texts = Object.entries(buffers).filter(([, buffer]) => buffer)
    .map(([name, buffer]) => [name, base64url(buffer)]);
  return { id, rawId: base64url(rawId), type, response: Object.fromEntries(texts) };
}

function bytes(text) {
  const base64 = text.replaceAll("-", "+").replaceAll("_", "/");
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

function base64url(buffer) {
  const base64 = btoa(String.fromCharCode(...new Uint8Array(buffer)));
  return base64.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
