// Where things can go: columns that take an item, and how a place is said to the server.
import { send } from "./send.js"

/** The lists an item may be put into, in the order of the page. */
export function listsFor(slip) {
  const fits = new Set((slip.dataset.fits || "").split(" "))
  return columns().filter(list => fits.has(list.dataset.column))
}

export const columns = () => Array.from(document.querySelectorAll("#board-columns [data-column]"))

export const slipsOf = list => Array.from(list.children).filter(one => one.matches(".slip"))

/** Tells the server where a slip has been put: its column, and its neighbours there. */
export function put(slip, list) {
  const board = document.getElementById("board")
  const data = new FormData()
  data.set("column", list.dataset.column)
  data.set("after", neighbour(slip, "previousElementSibling"))
  data.set("before", neighbour(slip, "nextElementSibling"))
  if (slip.dataset.submission) {
    data.set("submission_id", slip.dataset.submission)
    return send(board.dataset.add + location.search, data)
  }
  data.set("seen", document.getElementById("board-columns").dataset.edits)
  return send(`${board.dataset.items}/${slip.dataset.item}/move${location.search}`, data)
}

/** Takes an item out of the issue. */
export function takeOut(slip) {
  const board = document.getElementById("board")
  const data = new FormData()
  data.set("seen", document.getElementById("board-columns").dataset.edits)
  return send(`${board.dataset.items}/${slip.dataset.item}/remove${location.search}`, data)
}

function neighbour(slip, side) {
  let found = slip[side]
  while (found && !found.dataset.item) found = found[side]
  return found ? found.dataset.item : "0"
}
