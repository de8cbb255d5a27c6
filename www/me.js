// What only a script can: a field that is entered is chosen whole, the device's own share sheet, and a
// count of what was shared. Without it, all of the page works.

for (const field of document.querySelectorAll("input.link")) {
  field.addEventListener("focus", () => field.select());
}

const channels = document.querySelector(".channels[data-code]");

function shared(channel) {
  if (channels) {
    const { campaign, code } = channels.dataset;
    navigator.sendBeacon("/_p/share", JSON.stringify({ campaign, code, channel }));
  }
}

for (const control of document.querySelectorAll("[data-share]")) {
  control.addEventListener("click", () => shared(control.dataset.share));
}

if (navigator.share) {
  const channel = /iPhone|iPad|Macintosh/.test(navigator.userAgent)
    ? "iosNativeShare"
    : "androidNativeShare";
  for (const button of document.querySelectorAll("[data-native]")) {
    const { native, text, title } = button.dataset;
    button.hidden = false;
    button.addEventListener("click", async () => {
      try {
        await navigator.share({ title, text, url: `${native}?c=${channel}` });
        shared(channel);
      } catch {
        // They thought better of it.
      }
    });
  }
}

// Whether a code is free is said while it is typed.
for (const form of document.querySelectorAll("[data-check]")) {
  const said = form.querySelector("[data-said]");
  let pause;
  form.addEventListener("input", ({ target }) => {
    clearTimeout(pause);
    pause = setTimeout(async () => {
      const query = new URLSearchParams({ [target.name]: target.value });
      try {
        const answer = await fetch(`${form.dataset.check}?${query}`);
        const { text } = await answer.json();
        if (target.value === query.get(target.name)) said.textContent = target.value && text;
      } catch {
        said.textContent = "";
      }
    }, 400);
  });
}
