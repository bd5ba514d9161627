// [data-desk]: a list with the chosen item beside it, walked by keyboard. Every line is a plain link and every step a
// plain form, so this only makes it quicker.
import { asking } from "./confirm.js"
import { loadParts } from "./parts.js"
import { refill } from "./typed.js"

const wide = window.matchMedia("(min-width: 1100px)")
const place = "yaoqing:desk"
// An item only passed over on the way to another is not fetched: it has not been read.
const pause = 200

export function startDesk() {
  const root = document.querySelector("[data-desk]")
  if (root) new Desk(root)
}

class Desk {
  constructor(root) {
    this.root = root
    this.rows = Array.from(root.querySelectorAll("[data-row]"))
    this.pane = root.querySelector("[data-desk-pane]")
    this.batch = root.querySelector("form")
    this.bar = root.querySelector(".desk-batch")
    this.picked = root.querySelector("[data-picked]")
    this.at = -1
    this.latest = 0
    this.loading = null
    this.shown = null
    this.soon = 0
    root.classList.add("with-script")
    root.addEventListener("click", event => this.clicked(event))
    root.addEventListener("focusin", event => this.focused(event))
    document.addEventListener("keydown", event => this.key(event))
    root.addEventListener("submit", event => this.remember(event.target))
    this.batch.addEventListener("change", event => this.changed(event))
    this.bar.addEventListener("click", event => event.target.closest("[type=submit]") && this.demand())
    this.showFields()
    this.countPicked()
    this.comeBack()
  }

  /** After a step the list is shown again: at the same item, or the one that has taken its place. */
  comeBack() {
    const kept = take()
    if (!kept || kept.address !== location.pathname + location.search) return
    const found = this.rows.findIndex(row => row.id === kept.id)
    this.go(found >= 0 ? found : Math.min(kept.at, this.rows.length - 1))
  }

  remember(form) {
    if (!this.pane.contains(form) || this.at < 0) return
    try {
      const kept = { address: location.pathname + location.search, id: this.rows[this.at].id, at: this.at }
      sessionStorage.setItem(place, JSON.stringify(kept))
    } catch (error) {
      /* the list then opens at its top */
    }
  }

  clicked(event) {
    const row = event.target.closest("[data-row]")
    if (!row || !event.target.closest("a") || event.ctrlKey || event.metaKey || event.shiftKey || !wide.matches) return
    event.preventDefault()
    this.go(this.rows.indexOf(row))
  }

  focused(event) {
    const row = event.target.closest("[data-row]")
    if (row && event.target.tagName === "A") this.mark(this.rows.indexOf(row))
  }

  mark(at) {
    if (this.at === at) return
    this.at = at
    this.rows.forEach((row, n) => {
      row.classList.toggle("current", n === at)
      const link = row.querySelector("a")
      if (n === at) link.setAttribute("aria-current", "true")
      else link.removeAttribute("aria-current")
    })
  }

  go(at) {
    if (at < 0 || at >= this.rows.length) return
    this.point(at)
    if (wide.matches) this.load(this.rows[at])
  }

  point(at) {
    this.mark(at)
    const link = this.rows[at].querySelector("a")
    link.focus({ preventScroll: true })
    // The bar for several items lies over the end of the list.
    this.rows[at].style.scrollMarginBottom = `${this.bar.offsetHeight + 8}px`
    this.rows[at].scrollIntoView({ block: "nearest" })
  }

  /** By keyboard: the item appears where the reader stops. */
  step(at) {
    if (at < 0 || at >= this.rows.length) return
    clearTimeout(this.soon)
    this.latest++
    this.shown = null
    this.point(at)
    if (wide.matches) this.soon = setTimeout(() => this.load(this.rows[at]), pause)
  }

  /** Puts an item beside the list; what comes late for an item already left is dropped. */
  load(row) {
    clearTimeout(this.soon)
    this.loading = this.fetchInto(row, ++this.latest)
    return this.loading
  }

  async fetchInto(row, mine) {
    this.shown = null
    const back = encodeURIComponent(location.pathname + location.search)
    this.pane.setAttribute("aria-busy", "true")
    let answer
    try {
      answer = await fetch(`${row.dataset.row}?fragment=1&back=${back}`, { credentials: "same-origin" })
    } catch (error) {
      answer = null
    }
    if (mine !== this.latest) return
    this.pane.removeAttribute("aria-busy")
    if (!answer || !answer.ok || answer.redirected) return this.trouble(row, answer)
    const html = await answer.text()
    if (mine !== this.latest) return
    this.pane.innerHTML = html
    this.shown = row
    this.pane.scrollTop = 0
    loadParts(this.pane)
    refill(this.pane)
    row.classList.remove("new", "changed")
    const mark = row.querySelector(".desk-mark")
    if (mark) mark.remove()
  }

  trouble(row, answer) {
    const link = row.querySelector("a")
    if (answer && answer.redirected) return link.click()
    this.pane.textContent = answer ? "这条信息刚刚有变动，请刷新列表。" : "网络不通，未能读取，请稍后再试。"
  }

  key(event) {
    if (event.defaultPrevented || event.isComposing || event.keyCode === 229) return
    if (event.ctrlKey || event.metaKey || event.altKey || asking()) return
    const target = event.target
    if (event.key === "Escape" && this.at >= 0 && this.root.contains(target) && !target.closest("[data-row] a")) {
      event.preventDefault()
      return this.rows[this.at].querySelector("a").focus()
    }
    if (target.closest("textarea, select, [contenteditable], input:not([type=checkbox])")) return
    const arrows = !this.pane.contains(target)
    const step = this.steps()[event.key]
    if (!step || (event.key.startsWith("Arrow") && !arrows)) return
    if (event.key === "Enter" && target.closest("button, summary, a, label, input")) return
    event.preventDefault()
    step()
  }

  steps() {
    return {
      j: () => this.step(this.at + 1),
      ArrowDown: () => this.step(this.at + 1),
      k: () => this.step(this.at - 1),
      ArrowUp: () => this.step(this.at - 1),
      Enter: () => this.open(),
      x: () => this.pick(),
      c: () => this.act("c", "take"),
      e: () => this.act("e", ""),
      r: () => this.act("r", "return"),
      d: () => this.act("d", "decline"),
      t: () => this.act("t", "transfer"),
      "/": () => this.filter(),
      "?": () => this.keys(),
    }
  }

  open() {
    if (this.at >= 0) location.assign(this.rows[this.at].querySelector("a").href)
  }

  pick() {
    const box = this.at >= 0 && this.rows[this.at].querySelector("input[type=checkbox]")
    if (!box) return
    box.checked = !box.checked
    box.dispatchEvent(new Event("change", { bubbles: true }))
  }

  /** For the items that are ticked, else for the one beside the list. */
  async act(key, action) {
    if (action && this.batch.querySelector("input[name=id]:checked")) {
      const select = this.batch.elements.namedItem("action")
      select.value = action
      this.showFields()
      const field = this.batch.querySelector(`[data-when~="${action}"] select, [data-when~="${action}"] input`)
      return (field || this.batch.querySelector("button[type=submit]")).focus()
    }
    // Never on the item that was there before: the one that is marked must have arrived.
    const row = this.rows[this.at]
    if (!row || !wide.matches) return
    if (this.shown !== row) await this.loading
    if (this.shown !== row) await this.load(row)
    if (this.shown !== row || this.rows[this.at] !== row) return
    const thing = this.pane.querySelector(`[data-key="${key}"]`)
    if (!thing) return
    if (thing.tagName !== "DETAILS") return thing.click()
    thing.open = true
    const field = thing.querySelector("select, textarea, input:not([type=hidden])")
    if (field) field.focus()
  }

  filter() {
    const switcher = document.querySelector(".filter-switch")
    if (switcher) switcher.open = true
    const field = document.getElementById("filter-text")
    if (field) field.focus()
  }

  keys() {
    const fold = this.root.querySelector("[data-desk-keys] details")
    fold.open = !fold.open
    if (fold.open) fold.querySelector("summary").focus()
  }

  changed(event) {
    if (event.target.hasAttribute("data-check-all"))
      for (const box of Array.from(this.batch.querySelectorAll("input[name=id]"))) box.checked = event.target.checked
    this.countPicked()
    this.showFields()
  }

  /** What is missing is said at its field before anything is sent: an answer from the server would lose the ticks. */
  demand() {
    const { action, phrase, to, reason } = this.batch.elements
    const reasoned = !["return", "decline"].includes(action.value) || phrase.value || reason.value.trim()
    const many = this.batch.querySelector("input[name=id]:checked")
    action.setCustomValidity(!many ? "请先勾选信息" : action.value ? "" : "请选择要办理的操作")
    to.setCustomValidity(action.value === "transfer" && !to.value ? "请选择接手的编辑" : "")
    reason.setCustomValidity(reasoned ? "" : "请选用常用语或填写理由")
  }

  countPicked() {
    for (const row of this.rows) row.classList.toggle("picked", row.querySelector("input[name=id]").checked)
    const many = this.rows.filter(row => row.classList.contains("picked")).length
    this.picked.hidden = !many
    this.picked.textContent = many ? `已选 ${many} 条` : ""
  }

  /** Only the fields the chosen action needs. */
  showFields() {
    const action = this.batch.elements.namedItem("action").value
    for (const part of Array.from(this.batch.querySelectorAll("[data-when]")))
      part.hidden = !action || !part.dataset.when.split(" ").includes(action)
    this.showPhrases(action)
  }

  /** Only the phrases kept for the chosen action; one that was picked for another is let go. */
  showPhrases(action) {
    const select = this.batch.elements.namedItem("phrase")
    for (const group of Array.from(select.querySelectorAll("optgroup"))) {
      group.hidden = group.disabled = !group.dataset.for.split(" ").includes(action)
      if (group.disabled && group.contains(select.selectedOptions[0])) select.value = ""
    }
  }
}

function take() {
  try {
    const kept = JSON.parse(sessionStorage.getItem(place))
    sessionStorage.removeItem(place)
    return kept
  } catch (error) {
    return null
  }
}
