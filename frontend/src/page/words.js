// A button that adds words to a text field: data-into="id of the field" data-words="what to add".
// Without script the button sends the form, and the server adds them.
export function startWords() {
  for (const button of Array.from(document.querySelectorAll("button[data-into]"))) {
    button.type = "button"
    button.addEventListener("click", () => insert(document.getElementById(button.dataset.into), button.dataset.words))
  }
}

function insert(field, words) {
  const start = field.selectionStart === undefined ? field.value.length : field.selectionStart
  const end = field.selectionEnd === undefined ? start : field.selectionEnd
  field.value = field.value.slice(0, start) + words + field.value.slice(end)
  field.focus()
  field.setSelectionRange(start + words.length, start + words.length)
  field.dispatchEvent(new Event("input", { bubbles: true }))
}
