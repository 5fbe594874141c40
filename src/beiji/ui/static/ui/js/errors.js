// The error summary takes the focus, counts in the title, and its links bring the label into view before the field.
function announce(root) {
  const summary = root.querySelector?.("[data-errors]");
  if (!summary || summary.dataset.said) return;
  summary.dataset.said = "yes";
  if (summary.closest(".catalogue-state")) return; // a sample must not take the focus
  const count = summary.querySelectorAll("li").length;
  document.title = `(${count}) ${document.title.replace(/^\(\d+\) /, "")}`;
  summary.focus();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-errors] a[href^='#']");
  if (!link) return;
  const field = document.getElementById(link.getAttribute("href").slice(1));
  if (!field) return;
  event.preventDefault();
  const label = document.querySelector(`label[for="${CSS.escape(field.id)}"]`) || field.closest("fieldset")?.querySelector("legend");
  (label || field).scrollIntoView({ block: "start" });
  field.focus({ preventScroll: true });
});

announce(document);
document.addEventListener("htmx:afterSettle", (event) => announce(event.detail.elt.parentElement || document));
