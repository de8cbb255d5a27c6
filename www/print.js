// The briefing's button: without scripts, the browser's own menu prints.

const button = document.querySelector("#print");

if (button) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
