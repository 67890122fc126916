// Asks the browser for a passkey and sends what it says. Loaded only by pages that offer one; without this file they
// say so, and offer the code of the app.
const bytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");
const known = (list) => (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }));

async function make(options) {
  const made = await navigator.credentials.create({
    publicKey: {
      ...options,
      challenge: bytes(options.challenge),
      user: { ...options.user, id: bytes(options.user.id) },
      excludeCredentials: known(options.excludeCredentials),
    },
  });
  return answer(made, { attestationObject: text(made.response.attestationObject) });
}

async function use(options) {
  const used = await navigator.credentials.get({
    publicKey: {
      ...options,
      challenge: bytes(options.challenge),
      allowCredentials: known(options.allowCredentials),
    },
  });
  return answer(used, {
    authenticatorData: text(used.response.authenticatorData),
    signature: text(used.response.signature),
    userHandle: used.response.userHandle ? text(used.response.userHandle) : null,
  });
}

function answer(credential, more) {
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: { clientDataJSON: text(credential.response.clientDataJSON), ...more },
  };
}

// The options stand in the form, or are asked for when it is pressed: a page of signing in is looked at more often
// than a passkey is used from it.
async function optionsOf(form) {
  if (form.dataset.options) return JSON.parse(form.dataset.options);
  const asked = await fetch(form.dataset.begin, { headers: { Accept: "application/json" } });
  if (!asked.ok) throw new Error("refused");
  return (await asked.json()).request_options;
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const said = form.querySelector("[role=status]");
  const button = form.querySelector("button[type=submit]");
  if (!window.PublicKeyCredential) {
    said.textContent = form.dataset.unable;
    button.disabled = true;
    continue;
  }
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    said.textContent = form.dataset.waiting;
    button.disabled = true;
    try {
      const options = (await optionsOf(form)).publicKey;
      const made = form.dataset.passkey === "make" ? await make(options) : await use(options);
      form.querySelector("[name=credential]").value = JSON.stringify(made);
      form.submit(); // past this listener
    } catch (fault) {
      said.textContent = fault.name === "InvalidStateError" ? form.dataset.known : form.dataset.failed;
      button.disabled = false;
      button.focus();
    }
  });
}
