// Work done step by step: a form marked data-next-step asks for the next one by itself, so that the page moves on
// until the work is done. Without script its button does the same.
const pause = 300

export function startSteps() {
  const form = document.querySelector("form[data-next-step]")
  if (form) setTimeout(() => form.requestSubmit(), pause)
}
