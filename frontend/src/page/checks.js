// [data-checks]: what checks say about the form [data-checks-of] while somebody writes in it. It is asked for when
// nothing has been changed for a moment, and only what is shown beside the text is renewed, never the text.
import { contentOf, savedPartOf } from "./forms.js"
import { renewToken, signedOut } from "./session.js"

const pause = 1500
const checked = new Set(["title", "body", "body_html", "genre", "unit_id", "joint_unit_ids"])

export function startChecks() {
  const place = document.querySelector("[data-checks]")
  const form = place && document.getElementById(place.dataset.checksOf)
  if (form) new Checks(place, form).start()
}

class Checks {
  constructor(place, form) {
    this.place = place
    this.form = form
    this.status = document.querySelector("[data-checks-status]")
    this.shown = ""
    this.last = ""
    this.running = false
  }

  start() {
    setInterval(() => this.look(), pause)
    document.addEventListener("submit", event => this.decide(event))
  }

  /** What the checks would see: without it nothing needs to be asked. */
  content() {
    const pairs = contentOf(this.form).filter(([name]) => checked.has(name))
    if (!pairs.some(([name, value]) => ["title", "body", "body_html"].includes(name) && value.trim())) return ""
    const item = this.form.elements.namedItem("submission_id")
    return JSON.stringify([item ? item.value : "", pairs])
  }

  look() {
    const now = this.content()
    const still = now === this.last
    this.last = now
    if (document.hidden || signedOut() || this.running || !still || now === this.shown) return
    // Somebody who is on a button there would lose it.
    if (this.place.contains(document.activeElement) && document.activeElement !== this.place) return
    this.ask(now)
  }

  async ask(now) {
    this.running = true
    this.shown = now
    try {
      const answer = await fetch(this.place.dataset.checks, {
        method: "POST",
        credentials: "same-origin",
        body: savedPartOf(this.form),
        headers: { "X-Requested-With": "poll" },
      })
      // Refused: what was shown stays, and the next change asks again. Signed out: asked again afterwards.
      if (answer.status === 401) {
        await renewToken()
        this.shown = ""
      }
      if (answer.ok && !answer.redirected) this.show(await answer.json())
    } catch (error) {
      this.shown = ""
      this.last = ""
    } finally {
      this.running = false
    }
  }

  show({ html, open: count }) {
    const open = this.place.querySelector("details[open]")
    this.place.innerHTML = html
    const fold = open && this.place.querySelector("details")
    if (fold) fold.open = true
    this.say(count ? "按现在的文字检查，有 " + count + " 条提示" : "已按现在的文字检查")
  }

  /** A decision on a remark is about the saved text: save first, then decide, then look again. */
  async decide(event) {
    if (event.defaultPrevented || !this.place.contains(event.target)) return
    event.preventDefault()
    const saving = new CustomEvent("yaoqing:save", { detail: {} })
    this.form.dispatchEvent(saving)
    await saving.detail.done
    try {
      const answer = await fetch(event.target.getAttribute("action"), {
        method: "POST",
        credentials: "same-origin",
        body: savedPartOf(event.target),
        headers: { "X-Requested-With": "autosave", Accept: "application/json" },
      })
      if (!answer.ok || answer.redirected) {
        const told = await answer.json().catch(() => null)
        this.say(told && told.message ? [told.message, told.advice].filter(part => part).join("，") : "没有办成，请稍后再试")
        return
      }
    } catch (error) {
      return this.say("网络不通，请稍后再试")
    }
    this.place.focus()
    this.ask(this.content())
  }

  say(text) {
    if (this.status.textContent !== text) this.status.textContent = text
  }
}
