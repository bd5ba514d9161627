// [data-load="address"]: filled with a part of a page that takes longer to make; without script its link leads there.
// [data-seen="address"]: tells the server that the page has been shown.

export function startParts() {
  loadParts(document)
}

export function loadParts(root) {
  for (const place of Array.from(root.querySelectorAll("[data-load]"))) load(place)
  for (const place of Array.from(root.querySelectorAll("[data-seen]"))) tell(place.dataset.seen)
}

async function load(place) {
  place.setAttribute("aria-busy", "true")
  try {
    const answer = await fetch(place.dataset.load, { credentials: "same-origin" })
    // A page instead of a part means the session is over: the link leads to signing in again.
    if (answer.ok && !answer.redirected) place.innerHTML = await answer.text()
  } catch (error) {
    /* the link stays */
  }
  place.removeAttribute("aria-busy")
}

function tell(address) {
  const token = document.querySelector("meta[name=csrf-token]")
  const data = new URLSearchParams({ csrf_token: token.content })
  fetch(address, { method: "POST", credentials: "same-origin", body: data, headers: { "X-Requested-With": "poll" } }).catch(
    () => null,
  )
}
