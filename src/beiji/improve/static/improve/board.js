// Cards can be dragged between columns; dropping sends the same form as the card's menu, and the server decides.
const board = document.querySelector("[data-board]");
const drop = document.querySelector("[data-drop]");
let dragged = null;

if (board && drop) {
  for (const card of board.querySelectorAll("[data-card]")) {
    if (card.querySelector("form")) card.draggable = true;
  }

  board.addEventListener("dragstart", (event) => {
    dragged = event.target.closest?.("[data-card]");
    if (!dragged) return;
    dragged.dataset.dragged = "yes";
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.dataset.card);
  });

  board.addEventListener("dragover", (event) => {
    const column = event.target.closest?.("[data-column]");
    if (!dragged || !column) return;
    event.preventDefault();
    mark(column);
  });

  board.addEventListener("drop", (event) => {
    const column = event.target.closest?.("[data-column]");
    if (!dragged || !column) return;
    event.preventDefault();
    refuse(null);
    const from = dragged.closest("[data-column]");
    if (column === from) return;
    // what only evidence may do is refused here, beside the card's new place, before anything is sent
    if (column.querySelector("[data-refusal]")) return refuse(column);
    drop.elements.card.value = dragged.dataset.card;
    drop.elements.from.value = from.dataset.column;
    drop.elements.to.value = column.dataset.column;
    drop.submit();
  });

  board.addEventListener("dragend", () => {
    if (dragged) delete dragged.dataset.dragged;
    dragged = null;
    mark(null);
  });
}

function refuse(column) {
  for (const said of board.querySelectorAll("[data-refusal]")) said.hidden = said.closest("[data-column]") !== column;
  const said = column?.querySelector("[data-refusal]");
  said?.focus({ preventScroll: true });
  said?.scrollIntoView({ block: "nearest", inline: "nearest" });
}

function mark(column) {
  for (const other of board.querySelectorAll("[data-over]")) if (other !== column) delete other.dataset.over;
  if (column) column.dataset.over = "yes";
}
