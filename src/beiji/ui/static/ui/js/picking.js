// A long list of people gets a field above it: what is typed there leaves the matching names in the list. Without script
// the whole list stays. Enter takes the first match, the arrow down goes into the list.
const LONG = 8;

const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLocaleLowerCase();
const wordsOf = (text) => plain(text).split(/\s+/).filter(Boolean);
const matches = (option, words) => words.every((word) => plain(option.text).includes(word));

/** The list's children with only those options that match, are chosen or mean nobody. */
function matching(children, words, chosen) {
  const stays = (option) => !option.value || option.value === chosen || matches(option, words);
  return children.map((child) => child.cloneNode(true)).filter((child) => {
    if (child.tagName === "OPTION") return stays(child);
    for (const option of [...child.children]) if (!stays(option)) option.remove();
    return child.children.length > 0;
  });
}

function searchFor(list) {
  const search = document.createElement("input");
  search.type = "search";
  search.autocomplete = "off";
  search.className = "input picker";
  search.placeholder = list.dataset.picker;
  search.setAttribute("aria-label", list.dataset.picker);
  search.setAttribute("aria-controls", list.id);
  return search;
}

for (const list of document.querySelectorAll("select[data-picker]")) {
  if (list.options.length <= LONG) continue;
  const all = [...list.children].map((child) => child.cloneNode(true));
  const search = searchFor(list);
  list.before(search);

  search.addEventListener("input", () => {
    const chosen = list.value;
    list.replaceChildren(...matching(all, wordsOf(search.value), chosen));
    list.value = chosen;
  });

  search.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== "ArrowDown") return;
    event.preventDefault();
    const words = wordsOf(search.value);
    const first = [...list.options].find((option) => option.value && matches(option, words));
    if (event.key === "Enter" && words.length && first) {
      list.value = first.value;
      list.dispatchEvent(new Event("change", { bubbles: true }));
    }
    list.focus();
  });
}
