// Menus are <details data-menu>, so they open without script. Here: Esc, arrows, and closing from outside.
const items = (menu) => [...menu.querySelectorAll(".menu-list :is(a, button)")].filter((item) => !item.hidden);

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.("details[data-menu]");
  if (!menu) return;
  if (event.key === "Escape" && menu.open) {
    menu.open = false;
    menu.querySelector("summary").focus();
    event.preventDefault();
    return;
  }
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  event.preventDefault();
  menu.open = true;
  const all = items(menu);
  const at = all.indexOf(document.activeElement);
  const step = event.key === "ArrowDown" ? 1 : -1;
  all[at < 0 ? (step > 0 ? 0 : all.length - 1) : (at + step + all.length) % all.length]?.focus();
});

// The focus leaving a menu closes it, so that no open list hides what has the focus (WCAG 2.4.11).
document.addEventListener("focusout", (event) => {
  const menu = event.target.closest?.("details[data-menu][open]");
  if (menu && event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
});

// Where the menu is a line that scrolls, the page one is on stands in sight.
const here = document.querySelector(".rail [aria-current]");
if (here) {
  const rail = here.closest(".rail"), [mine, whole] = [here, rail].map((part) => part.getBoundingClientRect());
  rail.scrollLeft += mine.left + mine.width / 2 - whole.left - whole.width / 2;
}
