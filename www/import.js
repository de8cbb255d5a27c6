// An import: the file goes up in pieces, and the page tells how far it is.

const PIECE = 256 * 1024;

for (const plain of document.querySelectorAll("[data-plain]")) {
  plain.hidden = true;
}

async function post(url, token, body) {
  const headers = { "x-parrain-csrf": token };
  for (let tries = 0; ; tries += 1) {
    try {
      const answer = await fetch(url, { method: "POST", headers, body });
      if (answer.ok || answer.status < 500) {
        return { ok: answer.ok, ...(await answer.json().catch(() => ({}))) };
      }
    } catch {
      // The network, or the service, is away for a moment.
    }
    if (tries === 5) {
      return { ok: false };
    }
    await new Promise((resolve) => setTimeout(resolve, 500 * 2 ** tries));
  }
}

for (const form of document.querySelectorAll("form[data-import]")) {
  const flaw = form.querySelector("[role=alert]");
  const going = form.querySelector("[data-progress]");
  const bar = going.querySelector("progress");
  const button = form.querySelector("button[type=submit]");
  const token = form.elements.csrf.value;

  async function upload(file) {
    let id = form.dataset.import;
    let from = Number(form.dataset.from ?? 0);
    if (!id) {
      const what = new FormData(form).get("what");
      const begun = await post(form.action, token, new URLSearchParams({ what, pieces: "1" }));
      id = begun.id;
      form.dataset.import = id ?? "";
    }
    while (id) {
      const end = Math.min(from + PIECE, file.size);
      const url = `${form.action}/${id}/piece?from=${from}&last=${end === file.size}`;
      const taken = await post(url, token, file.slice(from, end));
      if (!taken.ok || !(taken.from > from)) {
        return taken.wrong ? { wrong: taken.wrong } : {};
      }
      from = taken.from;
      form.dataset.from = from;
      bar.value = (100 * from) / file.size;
      if (end === file.size) {
        return { id };
      }
    }
    return {};
  }

  form.addEventListener("submit", async (event) => {
    const file = form.elements.file.files[0];
    if (!file) {
      return;
    }
    event.preventDefault();
    flaw.textContent = "";
    going.hidden = false;
    button.disabled = true;
    const done = await upload(file).catch(() => ({}));
    if (done.id) {
      location.assign(`${form.action}/${done.id}`);
      return;
    }
    going.hidden = true;
    button.disabled = false;
    flaw.textContent = done.wrong ?? form.dataset.broken;
    if (done.wrong) {
      // That import is over: the next file begins another.
      form.dataset.import = "";
      form.dataset.from = 0;
    }
  });
}

for (const part of document.querySelectorAll("[data-steps]")) {
  const [text, bar] = [part.querySelector("[data-text]"), part.querySelector("progress")];
  (async () => {
    for (;;) {
      const body = new URLSearchParams({ act: "step", script: "1" });
      const now = await post(part.dataset.steps, part.dataset.csrf, body);
      if (!now.ok || now.state !== part.dataset.state) {
        location.reload();
        return;
      }
      const idle = now.text === text.textContent;
      text.textContent = now.text;
      bar.max = Math.max(now.total, 1);
      bar.value = now.done;
      // Somebody else goes on with it.
      if (idle) {
        await new Promise((resolve) => setTimeout(resolve, 1000));
      }
    }
  })();
}
