// The rich text field. The text area below it stays the field of record without script; with script
// the view writes both the plain text and, into <name>_html, the same text as HTML of the closed
// set of tags.
import { EditorState } from "prosemirror-state"
import { EditorView } from "prosemirror-view"
import { showCount } from "../shared/count.js"
import { make } from "../shared/dom.js"
import { readHtml, toHtml, toPlain, toText } from "./convert.js"
import { cleanPasted, pasteParser, tidySlice } from "./paste.js"
import { plugins } from "./plugins.js"
import { Toolbar } from "./toolbar.js"

for (const box of Array.from(document.querySelectorAll("[data-editor]"))) start(box)

function start(box) {
  const area = box.querySelector("textarea")
  const html = box.querySelector("input[type=hidden]")
  const id = area.id
  const counter = make("p", { class: "counter" })
  const hint = make("p", { class: "only-wide" }, "按 Alt+F10 进入工具栏，Esc 返回正文")
  const mount = make("div")
  box.append(mount, make("div", { class: "editor-foot" }, hint, counter))
  hide(area)

  const toolbar = new Toolbar()
  const view = new EditorView(
    { mount },
    {
      state: stateOf(box.dataset.html || paragraphs(area.value)),
      attributes: names(area, id),
      clipboardParser: pasteParser,
      transformPastedHTML: cleanPasted,
      transformPasted: tidySlice,
      dispatchTransaction(transaction) {
        view.updateState(view.state.apply(transaction))
        toolbar.update(view)
        if (transaction.docChanged) mirror()
      },
      handleKeyDown: (_, event) => event.altKey && event.key === "F10" && toolbar.enter(),
    },
  )
  toolbar.attach(box, view)
  mirror()
  box.classList.add("ready")
  box.addEventListener("yaoqing:refill", () => {
    view.updateState(stateOf(html.value))
    toolbar.update(view)
    mirror()
  })
  // Blocks from elsewhere on the page come in below the one where the cursor is.
  box.addEventListener("yaoqing:insert", event => {
    const { $to } = view.state.selection
    const place = $to.depth ? $to.after(1) : view.state.doc.content.size
    view.dispatch(view.state.tr.insert(place, readHtml(event.detail).content).scrollIntoView())
  })
  for (const label of Array.from(document.querySelectorAll(`label[for="${CSS.escape(id)}"]`))) {
    label.addEventListener("click", () => view.focus())
  }

  function mirror() {
    html.value = toHtml(view.state.doc)
    area.value = toPlain(view.state.doc)
    showCount(counter, toText(view.state.doc), Number(box.dataset.max) || 0)
  }
}

function stateOf(html) {
  return EditorState.create({ doc: readHtml(html), plugins: plugins() })
}

/** The view takes over the field's id, so that labels and the links of an error summary lead into it. */
function names(area, id) {
  const attributes = {
    class: "editor-area prose",
    id,
    role: "textbox",
    "aria-multiline": "true",
    spellcheck: "false",
    lang: "zh-CN",
  }
  const label = document.querySelector(`label[for="${CSS.escape(id)}"]`)
  if (label && !label.id) label.id = id + "-label"
  if (label) attributes["aria-labelledby"] = label.id
  else attributes["aria-label"] = "正文"
  for (const name of ["aria-describedby", "aria-invalid"])
    if (area.hasAttribute(name)) attributes[name] = area.getAttribute(name)
  area.removeAttribute("id")
  return attributes
}

function hide(area) {
  area.hidden = true
  area.required = false
}

/** Typed text, when the page came without HTML. */
function paragraphs(text) {
  const escape = line => line.replace(/&/g, "&amp;").replace(/</g, "&lt;")
  return text
    .split(/\n+/)
    .filter(line => line.trim())
    .map(line => "<p>" + escape(line) + "</p>")
    .join("")
}
