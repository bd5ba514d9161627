// A list inside another cannot stay one here: where numbers would be lost or changed, both become
// paragraphs with their numbers typed. The server does the same (core/submissions/lists.py).

/** Replaces every outermost list that holds others, one of them numbered. */
export function typeNumbers(dom) {
  for (const list of Array.from(dom.querySelectorAll("ol, ul"))) {
    if (list.parentNode.closest("ol, ul, td, th") || !list.querySelector("ol, ul")) continue
    if (list.nodeName === "OL" || list.querySelector("ol")) list.replaceWith(...paragraphs(list, 0))
  }
}

function paragraphs(list, level) {
  const ordered = list.nodeName === "OL"
  const found = []
  let count = 0
  let line = null
  const add = (nodes, isItem) => {
    for (const node of nodes) {
      if (isList(node)) {
        line = null
        found.push(...paragraphs(node, level + ordered))
      } else if (node.nodeName === "LI") {
        line = null
        add(Array.from(node.childNodes), true)
        line = null
      } else if (node.querySelector && node.querySelector("ol, ul")) add(Array.from(node.childNodes), isItem)
      else if (isItem && (line || node.textContent.trim())) {
        if (!line) {
          line = list.ownerDocument.createElement("p")
          line.append(ordered ? numbered(++count, level) : "• ")
          found.push(line)
        }
        line.append(...(node.nodeName === "P" ? Array.from(node.childNodes) : [node]))
      }
    }
  }
  add(Array.from(list.childNodes), false)
  return found
}

function isList(node) {
  return node.nodeName === "OL" || node.nodeName === "UL"
}

function numbered(count, level) {
  return [`${count}. `, `（${count}）`, `${count}）`][Math.min(level, 2)]
}
