// Showing the page anew without anybody asking for it. While the answer to a step or a link is still under way that
// would call it off: the person would never see what became of the step.

// A download, or "stay" when asked about unsaved input, begins like a leave and leaves nothing.
const longest = 60000
let since = -longest
let waiting = 0

window.addEventListener("beforeunload", () => (since = performance.now()))
window.addEventListener("pageshow", () => (since = -longest))

/** Reloads the page; while another one is on its way, only when that has not come after all. */
export function showAnew() {
  clearTimeout(waiting)
  const rest = since + longest - performance.now()
  if (rest > 0) waiting = setTimeout(showAnew, rest)
  else location.reload()
}
