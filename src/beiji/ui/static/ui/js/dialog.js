// <button data-opens="id"> opens the native dialog of that id; the browser holds the focus and gives it back.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.opens);
    if (dialog && !dialog.open) dialog.showModal();
    return;
  }
  if (event.target.matches("dialog[data-dialog]")) event.target.close(); // a click on the backdrop
});
