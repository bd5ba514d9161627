// After a refused form the error summary is where the reader should land.

export function startErrors() {
  const summary = document.querySelector("[data-error-summary]")
  if (summary) summary.focus()
}
