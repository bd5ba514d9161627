// Text that was kept in this browser because it could not be sent: told of on every page, forgotten
// on leaving.
import { make } from "../shared/dom.js"
import { ask } from "./confirm.js"
import { submitterOf, sendAgain } from "./forms.js"
import { sent, store, timeText } from "./store.js"

export function startDrafts() {
  const { page, user } = document.body.dataset
  settle(sent.take(), page)
  if (!user) return
  store.forgetOld(user, Date.now())
  if (page === "app") tellOfOthers(user)
  guardLogout(user)
}

// An ordinary page after a submission means it arrived; a login or error page, or the refused form,
// that it did not.
function settle(key, page) {
  if (!key || page !== "app") return
  const form = formOf(key)
  if (form && form.hasAttribute("data-dirty")) form.dataset.refused = "1"
  // Refused with a word instead of the form: it is offered where it was written.
  else if (document.querySelector("[data-messages] .message.error")) return
  else store.remove(key)
}

function formOf(key) {
  return Array.from(document.querySelectorAll("form[data-draft-key]")).find(
    form => form.dataset.draftKey === key,
  )
}

function tellOfOthers(user) {
  const place = document.querySelector("[data-messages]")
  const waiting = store.entries(user).filter(([key, record]) => record.url && !formOf(key))
  if (!place || !waiting.length) return
  const items = waiting.map(([, record]) => {
    const name = record.title ? "《" + record.title + "》" : "未命名的内容"
    return make("li", {}, make("a", { href: record.url }, name), "，" + timeText(record.at))
  })
  place.append(
    make(
      "div",
      { class: "notice warning", role: "status" },
      make(
        "div",
        {},
        make("p", { class: "notice-title" }, "本机保存有尚未上传的内容，打开后可恢复："),
        make("ul", { class: "kept" }, ...items),
      ),
    ),
  )
}

// Shared office machines: nothing of a person stays behind after leaving.
function guardLogout(user) {
  let sure = false
  document.addEventListener("submit", event => {
    if (!event.target.matches("form[data-logout]") || event.defaultPrevented) return
    const kept = store.entries(user)
    if (kept.length && !sure) {
      const button = submitterOf(event)
      event.preventDefault()
      event.stopImmediatePropagation()
      ask("本机还有 " + kept.length + " 份尚未上传的内容，退出登录后将被清除。确定退出吗？", button).then(
        yes => {
          sure = yes
          if (yes) sendAgain(event.target, button)
        },
      )
      return
    }
    for (const [key] of kept) store.remove(key)
  })
}
