// Passkeys: made on the member's own page, used on the sign-in page. Without them, links by e-mail do.

const ENTER = document.querySelector("#passkey");
const MAKE = document.querySelector("#new-passkey");
const told = document.querySelector("#passkey-told");

const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (it) => it.charCodeAt(0));

const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

async function send(path, body, csrf) {
  const headers = { "content-type": "application/json" };
  if (csrf) {
    headers["x-parrain-csrf"] = csrf;
  }
  const answer = await fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
  if (!answer.ok) {
    throw new Error(`${path}: ${answer.status}`);
  }
  return answer.json();
}

async function enter() {
  const asked = await send("/console/passkey/challenge", {});
  const publicKey = { ...asked, challenge: bytes(asked.challenge) };
  const signed = await navigator.credentials.get({ publicKey });
  const { to } = await send("/console/passkey", {
    id: text(signed.rawId),
    clientDataJSON: text(signed.response.clientDataJSON),
    authenticatorData: text(signed.response.authenticatorData),
    signature: text(signed.response.signature),
  });
  location.assign(to);
}

async function make() {
  const { csrf } = MAKE.dataset;
  const asked = await send("/console/me/passkeys/challenge", {}, csrf);
  const publicKey = {
    ...asked,
    challenge: bytes(asked.challenge),
    user: { ...asked.user, id: bytes(asked.user.id) },
    excludeCredentials: asked.excludeCredentials.map((it) => ({ ...it, id: bytes(it.id) })),
  };
  const made = await navigator.credentials.create({ publicKey });
  const { to } = await send(
    "/console/me/passkeys",
    {
      name: MAKE.querySelector("input").value,
      clientDataJSON: text(made.response.clientDataJSON),
      authenticatorData: text(made.response.getAuthenticatorData()),
    },
    csrf,
  );
  location.assign(to);
}

async function attempt(act, place) {
  told.textContent = "";
  try {
    await act();
  } catch (error) {
    // The person turned away, the time ran out, or the service refused: the page says what to do.
    console.info("passkey:", error);
    told.textContent = place.dataset.failed;
  }
}

if (window.PublicKeyCredential) {
  if (ENTER) {
    ENTER.hidden = false;
    ENTER.querySelector("button").addEventListener("click", () => attempt(enter, ENTER));
  }
  if (MAKE) {
    MAKE.hidden = false;
    MAKE.addEventListener("submit", (event) => {
      event.preventDefault();
      attempt(make, MAKE);
    });
  }
}
