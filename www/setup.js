// The guided set-up and the test of an installation: what people will read follows the typing, parts
// that do not matter are folded away, and the test is looked at every two seconds.

const form = document.querySelector("form[data-preview]");
const preview = document.querySelector("#preview");

const fresh = async (address) => {
  try {
    const answer = await fetch(address);
    return answer.ok ? await answer.text() : undefined;
  } catch {
    return undefined;
  }
};

// Puts markup of our own service into an element, if it differs.
const put = (element, markup) => {
  if (markup === undefined || element.dataset.markup === markup) return;
  element.dataset.markup = markup;
  element.innerHTML = markup;
};

if (form) {
  let wait;
  let asked = 0;
  const show = () => {
    for (const part of form.querySelectorAll("[data-when]")) {
      const [name, value] = part.dataset.when.split("=");
      part.hidden = new FormData(form).get(name) !== value;
    }
  };
  const ask = async () => {
    const number = ++asked;
    const fields = new URLSearchParams(new FormData(form));
    fields.delete("csrf");
    fields.set("lang", document.documentElement.lang);
    const markup = await fresh(`${form.dataset.preview}?${fields}`);
    // An answer that another question has overtaken is dropped.
    if (number === asked) put(preview, markup);
  };
  form.addEventListener("input", () => {
    show();
    clearTimeout(wait);
    wait = setTimeout(ask, 200);
  });
  for (const field of form.querySelectorAll("[data-guess=zone]")) {
    field.value = Intl.DateTimeFormat().resolvedOptions().timeZone || field.value;
  }
  show();
}

// While a test goes on, what it has seen is looked at every two seconds, for an hour.
const state = document.querySelector("[data-state]");
if (state) {
  let left = 1800;
  const look = async () => {
    const lang = document.documentElement.lang;
    put(state, await fresh(`${state.dataset.state}?lang=${lang}`));
    if (0 < left--) setTimeout(look, 2000);
  };
  setTimeout(look, 2000);
}

for (const it of document.querySelectorAll(".unscripted")) it.hidden = true;

// The tag of this version, with what its file has to hash to: the service publishes both beside the loader.
const pinned = document.querySelector("[data-pinned]");
if (pinned) {
  const published = await fresh(pinned.dataset.pinned);
  if (published) {
    const { src, integrity } = JSON.parse(published);
    const code = pinned.querySelector("code");
    code.textContent = code.textContent.replace(
      /\/p\.js"/,
      () => `${src}" integrity="${integrity}" crossorigin="anonymous"`,
    );
    pinned.querySelector("[data-copy]").dataset.copy = code.textContent;
    pinned.hidden = false;
  }
}
