// Taking a paragraph of a source over into the text that is being written: every block marked with `data-insert`
// gets a button; the editor of that name puts the block where the cursor is.
import { make } from "../shared/dom.js"

export function startInserts() {
  for (const block of Array.from(document.querySelectorAll("[data-insert]"))) {
    const button = make("button", { type: "button", class: "insert" }, "引用本段")
    button.addEventListener("click", () => {
      const hidden = document.querySelector(`[data-editor] input[name="${block.dataset.insert}_html"]`)
      if (!hidden) return
      hidden.parentNode.dispatchEvent(new CustomEvent("yaoqing:insert", { detail: block.dataset.html }))
    })
    block.append(button)
  }
}
