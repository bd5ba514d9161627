// Filters of the candidates: applied without leaving the board, and kept in its address.
import { refresh } from "./send.js"

const pause = 350

export function startSearch(board) {
  const form = board.querySelector("[data-search]")
  let waiting = 0
  const ask = () => {
    clearTimeout(waiting)
    const pairs = Array.from(new FormData(form)).filter(([, value]) => value)
    const query = new URLSearchParams(pairs).toString()
    history.replaceState(null, "", location.pathname + (query ? "?" + query : ""))
    refresh()
  }
  form.addEventListener("submit", event => {
    event.preventDefault()
    ask()
  })
  form.addEventListener("change", ask)
  form.addEventListener("input", event => {
    if (event.target.type !== "search" || event.isComposing) return
    clearTimeout(waiting)
    waiting = setTimeout(ask, pause)
  })
  board.addEventListener("click", event => {
    const link = event.target.closest("#board-candidates .paging a")
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    history.replaceState(null, "", link.href)
    refresh().then(() => document.getElementById("board-pick").scrollTo(0, 0))
  })
}
