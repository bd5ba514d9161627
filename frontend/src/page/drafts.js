// Text that was kept in this browser because it could not be sent: told of on every page, forgotten
// on leaving.
import { make } from "../shared/dom.js"
import { ask } from "./confirm.js"
import { submitterOf, sendAgain } from "./forms.js"
import { store, timeText } from "./store.js"

// Choices and numbers of a form are not worth reading again.
const chinese = /[\u3007\u3400-\u9fff]/

export function startDrafts() {
  const { page, user } = document.body.dataset
  if (!user) return
  store.forgetOld(user, Date.now())
  if (page === "app") tellOfOthers(user)
  guardLogout(user)
}

export function formOf(key) {
  return Array.from(document.querySelectorAll("form[data-draft-key]")).find(
    form => form.dataset.draftKey === key,
  )
}

function tellOfOthers(user) {
  const place = document.querySelector("[data-messages]")
  const waiting = store.entries(user).filter(([key, record]) => record.url && !formOf(key))
  if (!place || !waiting.length) return
  const list = make("ul", { class: "kept" })
  const notice = make(
    "div",
    { class: "notice warning", role: "status" },
    make("div", {}, make("p", { class: "notice-title" }, "本机保存有尚未上传的内容，打开后可恢复，不再需要的请放弃："), list),
  )
  list.append(...waiting.map(each => line(each, () => list.children.length || notice.remove())))
  place.append(notice)
}

/** One text: where it belongs, what it says and a way to drop it. Its form may be gone for good. */
function line([key, record], dropped) {
  const name = record.title ? "《" + record.title + "》" : record.page ? "“" + record.page + "”页上的内容" : "未命名的内容"
  const drop = async event => {
    if (!(await ask("放弃后，本机保存的" + name + "不能恢复。确定放弃吗？", event.target))) return
    store.remove(key)
    item.remove()
    dropped()
  }
  const item = make(
    "li",
    {},
    make("a", { href: record.url }, name),
    "，" + timeText(record.at) + " ",
    make("button", { type: "button", class: "button small danger", "aria-label": "放弃" + name, onclick: drop }, "放弃"),
    make("details", {}, make("summary", {}, "查看内容"), shown(record, name)),
  )
  return item
}

function shown(record, name) {
  const written = record.pairs.filter(([field, value]) => !field.endsWith("_html") && chinese.test(value))
  const text = make("textarea", { readonly: true, rows: "8", "aria-label": name + "的内容" })
  text.value = written.map(([, value]) => value.trim()).join("\n\n")
  return text
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
