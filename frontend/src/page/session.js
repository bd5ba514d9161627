// The session may end while a page is open. The page says so once and asks for nothing by itself any more; when the
// same person has signed in again in another window it takes over the fresh token and goes on. What is known about it
// stands in the page, because its scripts do not share variables.
import { make } from "../shared/dom.js"

const back = "yaoqing:signed-in"
const betweenLooks = 2000
const words = {
  "signed-out": "登录已过期，本页已停止更新。请在新窗口登录，再回到这里继续。",
  "other-user": "另一窗口登录的是别的账号，本页已停止更新。请换回原账号登录，再回到这里继续。",
}

/** Whether the session is over, as far as the page knows. */
export const signedOut = () => "signedOut" in document.body.dataset

/** Calls back when the same person has signed in again. */
export const onSignedIn = (listener, once = false) => document.addEventListener(back, listener, { once })

export function startSession() {
  let last = 0
  const look = () => {
    if (!signedOut() || document.hidden || Date.now() - last < betweenLooks) return
    last = Date.now()
    renewToken()
  }
  window.addEventListener("focus", look)
  document.addEventListener("visibilitychange", look)
  document.addEventListener("click", look)
}

/** Fetches the page again for a token of the session as it is now: "ok", "signed-out", "other-user" or "offline". */
export async function renewToken() {
  const state = await look()
  if (state === "ok") goOn()
  else if (state !== "offline") tell(state)
  return state
}

async function look() {
  let page
  try {
    // Asked as a page asks by itself: the answer to nobody is a plain "no", and not a sign-in page whose new session
    // would replace the one of a sign-in page just being opened.
    const headers = { "X-Requested-With": "poll" }
    const answer = await fetch(location.href, { credentials: "same-origin", headers })
    page = new DOMParser().parseFromString(await answer.text(), "text/html")
  } catch (error) {
    return "offline"
  }
  const user = page.body.dataset.user
  const token = page.querySelector("meta[name=csrf-token]")
  if (!user || !token) return "signed-out"
  if (user !== document.body.dataset.user) return "other-user"
  for (const field of Array.from(document.querySelectorAll("input[name=csrf_token]")))
    field.value = token.content
  document.querySelector("meta[name=csrf-token]").content = token.content
  return "ok"
}

function goOn() {
  if (!signedOut()) return
  delete document.body.dataset.signedOut
  document.getElementById("signed-out")?.remove()
  document.dispatchEvent(new Event(back))
}

function tell(state) {
  document.body.dataset.signedOut = state
  const place = document.getElementById("signed-out") || bar()
  const text = place.querySelector("p")
  if (text.textContent !== words[state]) text.textContent = words[state]
}

/** Adds what has become of the last step to what is said about the session. */
export function tellMore(more) {
  const place = document.querySelector("#signed-out .more")
  if (!place) return
  place.textContent = more
  place.hidden = false
}

function bar() {
  const here = encodeURIComponent(location.pathname + location.search)
  const place = make(
    "div",
    { class: "notice warning signed-out no-print", id: "signed-out", role: "alert" },
    make(
      "div",
      {},
      make("p", { class: "notice-title" }),
      make("p", { class: "more", hidden: true }),
      make(
        "div",
        { class: "row" },
        make("a", { class: "button primary small", href: "/login", target: "_blank", rel: "noopener" }, "在新窗口登录"),
        make("a", { class: "button small", href: "/login?next=" + here }, "在本窗口登录"),
      ),
    ),
  )
  document.querySelector("[data-messages]").before(place)
  return place
}
