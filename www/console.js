// The console's menus close when the reader turns elsewhere.

const menus = document.querySelectorAll("details.menu");

function closeOthers(target) {
  for (const menu of menus) {
    if (menu.open && !menu.contains(target)) {
      menu.open = false;
    }
  }
}

document.addEventListener("click", (event) => closeOthers(event.target));
document.addEventListener("focusin", (event) => closeOthers(event.target));
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.activeElement?.closest("details.menu[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// One box chooses all rewards of the page.
for (const form of document.querySelectorAll("form[data-pick]")) {
  const all = form.querySelector("[data-all]");
  const boxes = [...form.querySelectorAll("input[type=checkbox]:not([data-all])")];
  if (all && boxes.length) {
    all.closest("label").hidden = false;
    all.addEventListener("change", () => {
      for (const box of boxes) {
        box.checked = all.checked;
      }
    });
    form.addEventListener("change", () => {
      all.checked = boxes.every((box) => box.checked);
      all.indeterminate = !all.checked && boxes.some((box) => box.checked);
    });
  }
}

// A file's lines go into the field of the form, where they can be looked at before they are sent.
for (const form of document.querySelectorAll("form[data-codes]")) {
  const [part, text] = [form.querySelector("[data-file]"), form.querySelector("textarea")];
  const [input, flaw] = [part.querySelector("input"), part.querySelector(".flaw")];
  part.hidden = false;
  input.addEventListener("change", async () => {
    const lines = (await input.files[0]?.text()) ?? "";
    flaw.hidden = lines.length <= text.maxLength;
    if (flaw.hidden) {
      text.value = lines;
    }
  });
}
