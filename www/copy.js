// Buttons that copy a text: <button hidden data-copy="text" data-copied="Copied">Copy</button>.
// They show only where a page may write to the clipboard, follow the element that shows the text,
// and select it if the browser refuses after all.

if (navigator.clipboard) {
  for (const button of document.querySelectorAll("[data-copy]")) {
    const label = button.textContent;
    const said = document.createElement("span");
    said.setAttribute("role", "status");
    said.textContent = label;
    button.replaceChildren(said);
    button.hidden = false;
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(button.dataset.copy);
      } catch {
        getSelection().selectAllChildren(button.previousElementSibling);
        return;
      }
      said.textContent = button.dataset.copied;
      setTimeout(() => {
        said.textContent = label;
      }, 2000);
    });
  }
}
