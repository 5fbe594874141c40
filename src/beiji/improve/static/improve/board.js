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
    if (column.contains(dragged)) return;
    drop.elements.card.value = dragged.dataset.card;
    drop.elements.to.value = column.dataset.column;
    drop.submit();
  });

  board.addEventListener("dragend", () => {
    if (dragged) delete dragged.dataset.dragged;
    dragged = null;
    mark(null);
  });
}

function mark(column) {
  for (const other of board.querySelectorAll("[data-over]")) if (other !== column) delete other.dataset.over;
  if (column) column.dataset.over = "yes";
}
