// 字数 as word processors count it: each Chinese character or mark one, each Latin word or number
// one. The server counts by the same rule.
const counted = /[A-Za-z0-9]+(?:[.,:%‰'’-][A-Za-z0-9]+)*|[^\sA-Za-z0-9]/gu

export function countWords(text) {
  return (text.match(counted) || []).length
}

/** Shows the count in an element; `max` is advice (0 or less: none), so it warns and never blocks. */
export function showCount(element, text, max) {
  const n = countWords(text)
  const over = max > 0 && n > max
  element.textContent =
    "字数 " +
    n.toLocaleString("en-US") +
    (max > 0 ? " / " + max.toLocaleString("en-US") : "") +
    (over ? "，超出 " + (n - max).toLocaleString("en-US") + " 字" : "")
  element.classList.toggle("over", over)
}
