// Moves the owner's token from the fragment of the link into the form, and out of the address bar.

const token = location.hash.slice(1);
const field = document.querySelector("#token");

if (token) {
  field.value = token;
  history.replaceState(null, "", location.pathname + location.search);
  for (const link of document.querySelectorAll("a[hreflang]")) {
    link.hash = token;
  }
  document.querySelector("#enter button").focus();
}
