// The number beside the bell: asked for when a page opens and every minute while it is looked at. What was
// heard less than a minute ago in another page of this window is shown again without asking.
import { onSignedIn, renewToken, signedOut } from "./session.js"

const every = 60000
const kept = "unread-notices"

export function startBell() {
  const bell = document.querySelector("[data-unread]")
  if (!bell) return
  const known = remembered()
  if (known) show(bell, known.unread, known.most)
  if (!known || Date.now() - known.at > every || isNotices(bell)) ask(bell)
  setInterval(() => document.hidden || signedOut() || ask(bell), every)
  onSignedIn(() => ask(bell))
}

function isNotices(bell) {
  return location.pathname.startsWith(new URL(bell.href).pathname)
}

async function ask(bell) {
  try {
    const answer = await fetch(bell.dataset.unread, {
      credentials: "same-origin",
      headers: { "X-Requested-With": "poll" },
    })
    if (answer.status === 401) await renewToken()
    if (!answer.ok) return
    const { unread, most } = await answer.json()
    sessionStorage.setItem(kept, JSON.stringify({ unread, most, at: Date.now(), user: document.body.dataset.user }))
    show(bell, unread, most)
  } catch (error) {
    // Offline: the number stays as it was.
  }
}

function remembered() {
  try {
    const known = JSON.parse(sessionStorage.getItem(kept))
    return known && known.user === document.body.dataset.user ? known : null
  } catch (error) {
    return null
  }
}

function show(bell, unread, most) {
  const mark = bell.querySelector(".bell-count")
  mark.hidden = !unread
  mark.textContent = unread >= most ? `${most - 1}+` : String(unread)
  bell.setAttribute("aria-label", unread ? `消息，${mark.textContent} 条未读` : "消息")
}
