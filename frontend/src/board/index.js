// The composing board: drag and drop by mouse, touch and keyboard over forms that work without any script.
// Every change is sent at once and answered with the board as it is then.
import { startDrag } from "./drag.js"
import { startKeys } from "./keys.js"
import { startLive } from "./live.js"
import { startSearch } from "./search.js"
import { startSheets } from "./sheets.js"
import { startSteps } from "./steps.js"

document.addEventListener("DOMContentLoaded", () => {
  const board = document.getElementById("board")
  if (!board) return
  board.classList.add("live")
  startSteps(board)
  startDrag(board)
  startKeys(board)
  startSearch(board)
  startSheets(board)
  startLive(board)
})
