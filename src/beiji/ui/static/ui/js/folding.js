// A link to a place inside something folded opens it, also in browsers that would only scroll past it.

function reveal() {
  const place = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!place) return;
  for (let fold = place.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  const head = place.parentElement.querySelector(":scope > summary");
  (head || place).scrollIntoView();
}

addEventListener("hashchange", reveal);
reveal();

// Paper shows the parts that fold, and the screen is afterwards as it was.
let opened = [];
addEventListener("beforeprint", () => {
  opened = [...document.querySelectorAll("main details.panel:not([open])")];
  for (const fold of opened) fold.open = true;
});
addEventListener("afterprint", () => {
  for (const fold of opened) fold.open = false;
});
