// A part of the page that moves by itself: data-live="address" is asked again and again and its answer put in place.
// data-live-part names the piece to take when the answer is a whole page. It ends when the piece is marked
// data-live-over; with data-live-then="reload" the page is then shown anew. Every failure is only a pause;
// with the session over it waits until somebody has signed in again.
import { showAnew } from "./leaving.js"
import { onSignedIn, renewToken, signedOut } from "./session.js"

const every = 1000
const longest = 15000

export function startLive() {
  for (const place of Array.from(document.querySelectorAll("[data-live]"))) follow(place)
}

function follow(place) {
  const usual = Number(place.dataset.liveEvery) || every
  let pause = usual
  const next = () => setTimeout(look, document.hidden ? longest : pause)
  const look = async () => {
    const piece = signedOut() ? null : await ask(place).catch(() => null)
    if (piece === "stop") return
    if (signedOut()) return onSignedIn(next, true)
    if (!piece) pause = Math.min(pause * 2, longest)
    else {
      pause = usual
      if (over(piece)) {
        put(place, piece)
        if (place.dataset.liveThen === "reload") showAnew()
        return
      }
      put(place, piece)
    }
    next()
  }
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) pause = usual
  })
  next()
}

async function ask(place) {
  const answer = await fetch(place.dataset.live, {
    credentials: "same-origin",
    headers: { "X-Requested-With": "poll" },
  })
  if (answer.status === 401) await renewToken()
  if (answer.status === 403 || answer.status === 404) return "stop"
  if (!answer.ok) return null
  const page = new DOMParser().parseFromString(await answer.text(), "text/html")
  return page.querySelector(place.dataset.livePart || "body > *")
}

function over(piece) {
  return piece.hasAttribute("data-live-over")
}

function put(place, piece) {
  if (place.contains(document.activeElement) && document.activeElement !== document.body) {
    // The reader stands on a link here: it must not vanish under the key.
    const index = Array.from(place.querySelectorAll("a, button")).indexOf(document.activeElement)
    replace(place, piece)
    const again = place.querySelectorAll("a, button")[index]
    if (again) again.focus()
    return
  }
  replace(place, piece)
}

function replace(place, piece) {
  while (place.firstChild) place.removeChild(place.firstChild)
  place.appendChild(document.importNode(piece, true))
}
