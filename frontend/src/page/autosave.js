// form[data-autosave]: saved in the background while somebody writes. What cannot be sent is kept in this
// browser and offered again, so that neither an expired login nor a cut line loses a text.
// form[data-draft-key] without data-autosave is kept in this browser only, until it is submitted.
import { make } from "../shared/dom.js"
import { contentOf, fill, savedPartOf, sendAgain, setField, submitterOf } from "./forms.js"
import { onSignedIn, renewToken, signedOut } from "./session.js"
import { clock, store, timeText } from "./store.js"

const every = 8000
const longestPause = 60000
const messages = {
  "signed-out": "登录已过期，内容已保存在本机浏览器，请在新窗口登录后继续",
  "other-user": "另一窗口登录的是别的账号，内容已保存在本机浏览器，请换回原账号登录",
  offline: "网络不通，内容已保存在本机浏览器，恢复后自动上传",
  failed: "自动保存未成功，内容已保存在本机浏览器，稍后自动重试",
  notKept: "本机浏览器不允许保存，请先复制正文再离开",
}

export function startAutosave() {
  const forms = document.querySelectorAll("form[data-autosave], form[data-draft-key]")
  for (const form of Array.from(forms)) new Autosave(form).start()
}

class Autosave {
  constructor(form) {
    this.form = form
    this.key = form.dataset.draftKey || ""
    this.status = form.querySelector("[data-autosave-status]") || this.makeStatus()
    this.saved = this.content()
    this.unsaved = form.hasAttribute("data-dirty")
    this.offered = false
    this.stopped = false
    this.leaving = false
    this.running = null
    this.pause = every
    this.nextTry = 0
  }

  start() {
    this.offerKept()
    setInterval(() => this.save(), every)
    this.form.addEventListener("focusout", event => {
      if (!this.form.contains(event.relatedTarget)) this.save()
    })
    window.addEventListener("focus", () => this.saveNow())
    window.addEventListener("online", () => this.saveNow())
    onSignedIn(() => this.saveNow())
    document.addEventListener("visibilitychange", () => this.save())
    document.addEventListener("keydown", event => this.shortcut(event))
    this.form.addEventListener("yaoqing:save", event => {
      event.detail.done = this.saveNow()
    })
    document.addEventListener("submit", event => this.beforeSubmit(event))
    window.addEventListener("beforeunload", event => this.beforeUnload(event))
    window.addEventListener("pagehide", () => {
      if (this.dirty() && !this.leaving) this.keep()
    })
    window.addEventListener("pageshow", () => {
      this.leaving = false
    })
  }

  content() {
    return JSON.stringify(contentOf(this.form))
  }

  dirty() {
    return this.unsaved || this.content() !== this.saved
  }

  saveNow() {
    this.nextTry = 0
    return this.save()
  }

  save() {
    if (this.running || this.stopped || this.leaving || Date.now() < this.nextTry || !this.dirty())
      return this.running
    this.running = this.send().then(() => {
      this.running = null
    })
    return this.running
  }

  async send(again = false) {
    if (!this.form.dataset.autosave) return this.keepOnly()
    if (signedOut()) return this.kept(messages[document.body.dataset.signedOut])
    const content = this.content()
    let answer
    try {
      answer = await fetch(this.form.dataset.autosave, {
        method: "POST",
        credentials: "same-origin",
        body: savedPartOf(this.form),
        headers: { "X-Requested-With": "autosave", Accept: "application/json" },
      })
    } catch (error) {
      return this.trouble(messages.offline)
    }
    const data = await answer.json().catch(() => null)
    if (answer.ok && data && !answer.redirected) return this.done(content, data)
    const told = data && [data.message, data.reason, data.advice].filter(part => part).join("，")
    if (answer.status === 409)
      return this.stop(told || "这份内容已被他人修改，自动保存已停止。请在新窗口打开核对后再继续")
    if ([400, 403].includes(answer.status) && told) return this.trouble(told + "。内容已保存在本机浏览器")
    // A bare 400 is what an outdated token gets; an answer that is no JSON is the login page.
    if ([400, 401, 403].includes(answer.status) || answer.redirected || (answer.ok && !data)) {
      const state = await renewToken()
      if (state === "ok" && !again) return this.send(true)
      return this.trouble(messages[state] || messages.failed)
    }
    this.trouble(told ? "自动保存未成功：" + told : messages.failed)
  }

  done(content, data) {
    this.saved = content
    this.unsaved = false
    this.pause = every
    this.nextTry = 0
    setField(this.form, "version", data.version)
    setField(this.form, "submission_id", data.submission_id)
    if (!this.offered) store.remove(this.key)
    if (data.url) this.moveTo(data)
    this.say("已自动保存 " + (data.saved_at || clock(new Date())))
  }

  keepOnly() {
    if (!this.keep()) return this.say(messages.notKept, true)
    this.saved = this.content()
    this.say("已暂存在本机浏览器 " + clock(new Date()))
  }

  /** The first save of a new text gives it an address of its own. */
  moveTo(data) {
    history.replaceState(history.state, "", data.url)
    if (this.form.getAttribute("action")) this.form.action = data.url
    if (data.submission_id) this.key = this.key.replace(/:new$/, ":" + data.submission_id)
    this.form.dataset.draftKey = this.key
  }

  trouble(message) {
    this.nextTry = Date.now() + this.pause
    this.pause = Math.min(this.pause * 2, longestPause)
    this.kept(message)
  }

  kept(message) {
    this.say(this.keep() ? message : message.replace(/内容已保存在本机浏览器/, messages.notKept), true)
  }

  stop(message) {
    this.stopped = true
    this.keep()
    this.say(message, true)
  }

  keep() {
    if (!this.key) return false
    const title = this.form.elements.namedItem("title")
    const version = this.form.elements.namedItem("version")
    return store.write(this.key, {
      at: Date.now(),
      url: location.pathname + location.search,
      title: title ? title.value : "",
      // What has no title of its own is known by the page it was written on.
      page: (document.querySelector("h1") || { textContent: "" }).textContent.trim(),
      version: version ? version.value : "",
      pairs: contentOf(this.form),
    })
  }

  offerKept() {
    const record = this.key && store.read(this.key)
    // A refused form comes back with the text in it: nothing to offer.
    if (!record || !record.pairs || this.form.dataset.refused) return
    if (JSON.stringify(record.pairs) === this.content()) return this.unsaved || store.remove(this.key)
    this.offered = true
    const version = this.form.elements.namedItem("version")
    const moved = version && record.version && record.version !== version.value
    const text =
      "本机保存有 " +
      timeText(record.at) +
      " 尚未上传的内容。" +
      (moved ? "此后服务器上的内容已有改动，恢复后请核对。" : "")
    const decide = use => {
      this.offered = false
      box.remove()
      if (use) fill(this.form, record.pairs)
      else store.remove(this.key)
      this.say(use ? "已恢复本机内容，将自动保存" : "已放弃本机内容")
      if (use) this.saveNow()
    }
    const box = make(
      "div",
      { class: "notice warning", role: "alert" },
      make(
        "div",
        {},
        make("p", {}, text),
        make(
          "div",
          { class: "row" },
          make(
            "button",
            { type: "button", class: "button primary small", onclick: () => decide(true) },
            "恢复",
          ),
          make("button", { type: "button", class: "button small", onclick: () => decide(false) }, "放弃"),
        ),
      ),
    )
    this.form.prepend(box)
  }

  /** A submission during a save would carry the old version number: wait, then send. */
  beforeSubmit(event) {
    if (event.target !== this.form || event.defaultPrevented) return
    if (this.running) {
      const button = submitterOf(event)
      event.preventDefault()
      event.stopImmediatePropagation()
      this.running.then(() => sendAgain(this.form, button))
      return
    }
    this.leaving = true
    if (this.key) this.keep()
  }

  beforeUnload(event) {
    if (this.leaving || !this.dirty()) return
    this.save()
    event.preventDefault()
    event.returnValue = ""
  }

  shortcut(event) {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.key.toLowerCase() !== "s") return
    event.preventDefault()
    if (signedOut()) renewToken()
    if (this.dirty()) this.saveNow()
    else this.say("内容没有改动")
  }

  makeStatus() {
    const status = make("p", { class: "autosave", role: "status", "data-autosave-status": true })
    const line = this.form.querySelector(".form-actions")
    if (line) line.append(status)
    else this.form.append(status)
    return status
  }

  say(text, trouble = false) {
    if (this.status.textContent !== text) this.status.textContent = text
    this.status.classList.toggle("trouble", trouble)
  }
}
