/* Passkeys: have the browser make one or prove one, and send what it says with the form.
   A form with data-passkey ("make" or "prove") and data-options, the address that says what to ask
   the browser for. All sentences come with the page. */

const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

/** What the station asks for, with the bytes that the browser wants. */
function asked(options) {
  const known = { ...options, challenge: bytes(options.challenge) };
  if (known.user) known.user = { ...known.user, id: bytes(known.user.id) };
  for (const list of ["excludeCredentials", "allowCredentials"]) {
    if (known[list]) known[list] = known[list].map((one) => ({ ...one, id: bytes(one.id) }));
  }
  return known;
}

/** What the browser says, as text. */
function said(credential) {
  const response = {};
  for (const name of
    ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = text(credential.response[name]);
  }
  if (credential.response.getTransports) response.transports = credential.response.getTransports();
  return JSON.stringify({
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment ?? undefined,
    clientExtensionResults: credential.getClientExtensionResults(),
    response,
  });
}

async function answer(form) {
  const asks = await fetch(form.dataset.options, { method: "POST", body: new FormData(form) });
  const told = await asks.json().catch(() => ({}));
  if (!asks.ok) throw new Error(told.sentence ?? "");
  const publicKey = asked(told.publicKey);
  const makes = form.dataset.passkey === "make";
  return navigator.credentials[makes ? "create" : "get"]({ publicKey });
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const wrong = form.querySelector("[data-passkey-wrong]");
  const show = (sentence) => {
    wrong.querySelector("[data-sentence]").textContent = sentence;
    wrong.hidden = false;
  };
  if (!window.PublicKeyCredential) show(form.dataset.unable);
  form.addEventListener("submit", async (event) => {
    if (event.submitter?.name === "without") return; // she takes a password instead
    event.preventDefault();
    wrong.hidden = true;
    try {
      form.elements.credential.value = said(await answer(form));
      form.submit();
    } catch (error) {
      const ours = error.constructor === Error && error.message;
      show(ours || (error.name === "InvalidStateError" ? form.dataset.known : form.dataset.failed));
    }
  });
}
