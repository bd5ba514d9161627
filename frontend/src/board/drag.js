// Dragging with mouse, pen and finger. Columns that do not take the item step back while it is dragged.
import Sortable from "sortablejs"
import { columns, listsFor, put, takeOut } from "./places.js"
import { onRenew } from "./renew.js"

let lists = []
let dragging = null

/** Whether something is being dragged: the board is not exchanged under it. */
export const held = () => dragging !== null

export function startDrag() {
  onRenew(bind)
  bind()
}

function bind() {
  for (const list of lists) list.destroy()
  const picks = document.querySelector("#board-candidates [data-picks]")
  lists = columns().map(list => Sortable.create(list, options({ name: "slips", put: accepts, pull: true })))
  if (picks) lists.push(Sortable.create(picks, { ...options({ name: "slips", put: fromColumn, pull: true }), sort: false }))
}

function options(group) {
  return {
    group,
    draggable: ".slip",
    handle: ".grab, .slip-title, .slip-meta, .slip-number",
    filter: ".slip-tools, .slip-options, .slip-places",
    preventOnFilter: false,
    animation: 120,
    // The browser's own dragging shows a ghost we cannot style and does not exist for fingers.
    forceFallback: true,
    fallbackOnBody: true,
    fallbackTolerance: 4,
    delay: 180,
    delayOnTouchOnly: true,
    touchStartThreshold: 4,
    scroll: true,
    scrollSensitivity: 60,
    ghostClass: "slip-ghost",
    chosenClass: "slip-chosen",
    dragClass: "slip-drag",
    onStart,
    onEnd,
  }
}

const accepts = (to, from, slip) => (slip.dataset.fits || "").split(" ").includes(to.el.dataset.column)
const fromColumn = (to, from, slip) => Boolean(slip.dataset.item)

function onStart(event) {
  dragging = event.item
  const fitting = new Set(listsFor(dragging))
  document.getElementById("board").classList.add("dragging")
  for (const list of columns()) list.closest(".board-column").classList.toggle("refuses", !fitting.has(list))
}

function onEnd(event) {
  const slip = event.item
  dragging = null
  document.getElementById("board").classList.remove("dragging")
  for (const list of columns()) list.closest(".board-column").classList.remove("refuses")
  if (event.from === event.to && event.oldDraggableIndex === event.newDraggableIndex) return
  if (event.to.matches("[data-picks]")) takeOut(slip)
  else put(slip, event.to)
}
