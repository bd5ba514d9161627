// Live 字数 under plain fields with data-count="advised maximum" (empty or negative: none).
import { showCount } from "../shared/count.js"
import { make } from "../shared/dom.js"

export function startCounters() {
  for (const field of Array.from(document.querySelectorAll("[data-count]"))) {
    const line = make("p", { class: "counter" })
    const show = () => showCount(line, field.value, Number(field.dataset.count) || 0)
    field.after(line)
    for (const kind of ["input", "change"]) field.addEventListener(kind, show)
    show()
  }
}
