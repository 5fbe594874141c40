// Light, dark or as the device; dense or large. The choice is a cookie, so the next page comes right from the server.
const root = document.documentElement;

function keep(name, value) {
  const age = value ? 31536000 : 0;
  document.cookie = `beiji_${name}=${value}; path=/; max-age=${age}; samesite=lax`;
}

// Whoever is signed in finds his theme again in every browser.
function tell(address, theme) {
  if (!address) return;
  const headers = JSON.parse(document.body.getAttribute("hx-headers"));
  fetch(address, { method: "POST", headers, body: new URLSearchParams({ theme }), redirect: "manual" }).catch(() => {});
}

function mark() {
  for (const button of document.querySelectorAll("[data-theme-choice], [data-density-choice]")) {
    const [name, value] = button.dataset.themeChoice ? ["theme", button.dataset.themeChoice] : ["density", button.dataset.densityChoice];
    const now = root.dataset[name] || (name === "theme" ? "auto" : matchMedia("(pointer: coarse)").matches ? "touch" : "desk");
    button.setAttribute("aria-pressed", String(now === value));
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-theme-choice], [data-density-choice]");
  if (!button) return;
  const name = button.dataset.themeChoice ? "theme" : "density";
  const value = button.dataset.themeChoice || button.dataset.densityChoice;
  if (value === "auto") delete root.dataset[name];
  else root.dataset[name] = value;
  keep(name, value === "auto" ? "" : value);
  if (name === "theme") tell(button.closest("[data-theme-keeper]")?.dataset.themeKeeper, value);
  mark();
});
mark();
