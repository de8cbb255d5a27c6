// The demo shop's consent bar: asks once, keeps the answer, and passes it on to Parrain.
// It stands for whatever consent tool a real site already has.

const KEY = "lumiere-consent";
const bar = document.querySelector("#consent");
const again = document.querySelector("[data-consent=ask]");

/** What the visitor answered before: "yes", "no", or null. */
function kept() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

/** Keeps the answer, where the browser lets us; otherwise we ask again on the next page. */
function keep(answer) {
  try {
    localStorage.setItem(KEY, answer);
  } catch {
    // Storage is switched off.
  }
}

/** Passes the answer on, as soon as the loader is there. */
function tell(answer) {
  const call = () => window.parrain?.("consent", answer === "yes");
  if (window.parrain) {
    call();
  } else {
    document.querySelector("script[data-campaign]")?.addEventListener("load", call, { once: true });
  }
}

for (const button of bar.querySelectorAll("[data-consent]")) {
  button.addEventListener("click", () => {
    const answer = button.dataset.consent;
    keep(answer);
    tell(answer);
    bar.hidden = true;
    again.hidden = false;
    again.focus({ preventScroll: true });
  });
}

again.addEventListener("click", () => {
  bar.hidden = false;
  bar.focus();
});

const answer = kept();
if (answer) {
  tell(answer);
}
bar.hidden = answer !== null;
again.hidden = answer === null;
