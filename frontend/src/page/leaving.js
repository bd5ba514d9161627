// Showing the page anew without anybody asking for it. While the answer to a step or a link is still under way that
// would call it off: the person would never see what became of the step.

// A download, or "stay" when asked about unsaved input, begins like a leave and leaves nothing.
const longest = 60000
let since = -longest

window.addEventListener("beforeunload", () => (since = performance.now()))
window.addEventListener("pageshow", () => (since = -longest))

/** Reloads the page, unless another one is on its way. */
export function showAnew() {
  if (performance.now() - since > longest) location.reload()
}
