// A blocked button says why and does nothing; a form is sent once; a level is chosen by its digit while it has the focus.
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-blocked]")) event.preventDefault();
}, true);

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-form]");
  if (!form) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  event.submitter?.setAttribute("aria-busy", "true");
});

window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of document.querySelectorAll("form[data-form] [aria-busy]")) button.removeAttribute("aria-busy");
});

document.addEventListener("keydown", (event) => {
  const group = event.target.closest?.("[data-rating]");
  if (!group || group.disabled || event.ctrlKey || event.altKey || event.metaKey || !/^[012n]$/i.test(event.key)) return;
  const wanted = event.key.toLowerCase() === "n" ? "na" : event.key;
  const input = group.querySelector(`input[value="${wanted}"]`);
  if (!input) return;
  event.preventDefault();
  input.focus();
  input.click();
});
