// What people do in the dashboard beside its ways and forms, and where they are in it while it is drawn
// anew. `board` is the dashboard.

// What people look at stays: what is open, and where the keyboard is; `moves`: it goes to what is new.
export const remember = ({ content, page, root }) => {
  const open = [...content.querySelectorAll("details")].filter((it) => it.open);
  const title = (it) => it.querySelector("summary").textContent + it.closest("[id]")?.id;
  const titles = open.map(title);
  const { activeElement: at } = root;
  const place = at && [at.localName, at.id, at.getAttribute("href"), at.dataset.copy, at.name];
  return (moves) => {
    for (const it of content.querySelectorAll("details")) {
      it.open ||= titles.includes(title(it));
    }
    let to;
    if (moves) to = content.querySelector("[aria-invalid], .told, h1, h2");
    else if (place) {
      const same = (it) => [it.localName, it.id, it.getAttribute("href"), it.dataset.copy, it.name];
      to = [...page.querySelectorAll(place[0])].find((it) => `${same(it)}` === `${place}`);
    }
    if (!to) return;
    if (!to.matches("a, button, input, select, textarea, summary")) to.tabIndex = -1;
    to.focus({ preventScroll: !moves });
  };
};

const native = () => (/iPhone|iPad|Macintosh/.test(navigator.userAgent) ? "ios" : "android");

export const copy = async (board, button, text, copied) => {
  const label = (button.dataset.label ||= button.textContent);
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    return button.previousElementSibling?.select?.();
  }
  board.heard.textContent = button.textContent = copied;
  setTimeout(() => {
    board.heard.textContent = "";
    button.textContent = label;
  }, 2e3);
};

export const send = async (board, { text, title, url }) => {
  const channel = `${native()}NativeShare`;
  try {
    await navigator.share({ text, title, url: `${url}?c=${channel}` });
    board.parrain?.("share", board.content.querySelector("[data-code]").dataset.code, channel);
  } catch {}
};

// A file that only the token opens.
export const save = async (board, url) => {
  try {
    const { response } = await board.ask(url.pathname, null, false, "blob");
    const link = document.createElement("a");
    link.href = URL.createObjectURL(response);
    link.download = "parrain.json";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1e4);
  } catch {
    board.fail(() => save(board, url));
  }
};

// What is typed is judged while it is typed, where the form says by whom.
export const typed = (board, field) => {
  const form = field.closest("[data-check]");
  if (!form) return;
  clearTimeout(board.pause);
  board.pause = setTimeout(async () => {
    const query = new URLSearchParams({ [field.name]: field.value });
    const said = form.querySelector("[data-said]");
    try {
      const { response } = await board.ask(`${form.dataset.check}?${query}`, null, false, "json");
      const { text } = response;
      if (field.value === query.get(field.name)) said.textContent = field.value && board.said(text);
    } catch {
      said.textContent = "";
    }
  }, 400);
};
