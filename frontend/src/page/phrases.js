// form[data-phrases]: picking a phrase puts it into the text field beside it, where it can be changed before it is sent.
export function startPhrases() {
  document.addEventListener("change", event => {
    const select = event.target
    if (select.name !== "phrase" || !select.closest("form[data-phrases]")) return
    const text = select.form.querySelector("textarea")
    if (!text || !select.value) return
    const typed = text.value.trim()
    text.value = typed ? typed + (/[。；！]$/.test(typed) ? "" : "。") + select.value : select.value
    select.value = ""
    text.dispatchEvent(new Event("input", { bubbles: true }))
    text.focus()
  })
}
