// Buttons that copy a text: <button hidden data-copy="text" data-copied="Copied">Copy</button>.
// They show only where a page may write to the clipboard, whenever they come, follow the element that
// shows the text, and select it if the browser refuses after all.

if (navigator.clipboard) {
  const show = () => {
    for (const button of document.querySelectorAll("[data-copy][hidden]")) {
      const said = document.createElement("span");
      said.setAttribute("role", "status");
      said.textContent = button.dataset.label = button.textContent;
      button.replaceChildren(said);
      button.hidden = false;
    }
  };
  show();
  new MutationObserver(show).observe(document.body, { childList: true, subtree: true });
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
    } catch {
      getSelection().selectAllChildren(button.previousElementSibling);
      return;
    }
    const said = button.firstChild;
    said.textContent = button.dataset.copied;
    setTimeout(() => {
      said.textContent = button.dataset.label;
    }, 2000);
  });
}
