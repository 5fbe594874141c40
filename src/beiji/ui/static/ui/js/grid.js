// Heat map as an ARIA grid: one tab stop, arrows move (visually, so they swap in Hebrew), Home and End along the row.
const stops = (row) => [...row.querySelectorAll("td .cell, td[tabindex]")];

function rowsOf(grid) {
  return [...grid.tBodies[0].rows].map(stops).filter((row) => row.length);
}

function prepare(grid) {
  if (grid.dataset.ready) return;
  grid.dataset.ready = "yes";
  let first = true;
  for (const cell of rowsOf(grid).flat()) {
    cell.tabIndex = first ? 0 : -1;
    first = false;
  }
}

function go(grid, cell) {
  for (const other of grid.querySelectorAll("td .cell[tabindex='0']")) other.tabIndex = -1;
  cell.tabIndex = 0;
  cell.focus();
  cell.scrollIntoView({ block: "nearest", inline: "nearest" });
}

document.addEventListener("keydown", (event) => {
  const cell = event.target.closest?.("[data-grid] td .cell");
  if (!cell || event.altKey || event.metaKey) return;
  const grid = cell.closest("[data-grid]");
  const rows = rowsOf(grid);
  const y = rows.findIndex((row) => row.includes(cell));
  const x = rows[y].indexOf(cell);
  const along = getComputedStyle(grid).direction === "rtl" ? -1 : 1;
  const at = (row, column) => rows[Math.min(Math.max(row, 0), rows.length - 1)].at(Math.min(Math.max(column, 0), rows[y].length - 1));
  let target;
  if (event.key === "ArrowRight") target = at(y, x + along);
  else if (event.key === "ArrowLeft") target = at(y, x - along);
  else if (event.key === "ArrowDown") target = at(y + 1, x);
  else if (event.key === "ArrowUp") target = at(y - 1, x);
  else if (event.key === "Home") target = at(event.ctrlKey ? 0 : y, 0);
  else if (event.key === "End") target = at(event.ctrlKey ? rows.length - 1 : y, rows[y].length - 1);
  else return;
  event.preventDefault();
  if (target) go(grid, target);
});

document.addEventListener("focusin", (event) => {
  const cell = event.target.closest?.("[data-grid] td .cell");
  if (!cell || cell.tabIndex === 0) return;
  for (const other of cell.closest("[data-grid]").querySelectorAll("td .cell[tabindex='0']")) other.tabIndex = -1;
  cell.tabIndex = 0;
});

const all = (root) => root.querySelectorAll("[data-grid]").forEach(prepare);
all(document);
document.addEventListener("htmx:afterSettle", (event) => all(event.detail.elt.parentElement || document));
