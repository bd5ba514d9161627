// What script adds to pages that already work without it. Each part looks for its own marks in the
// page.
import { startAgain } from "./again.js"
import { startAutosave } from "./autosave.js"
import { startBell } from "./bell.js"
import { startChecks } from "./checks.js"
import { startConfirm } from "./confirm.js"
import { startCopy } from "./copy.js"
import { startCounters } from "./counters.js"
import { startDesk } from "./desk.js"
import { startDrafts } from "./drafts.js"
import { startErrors } from "./errors.js"
import { startFiles } from "./files.js"
import { startLive } from "./live.js"
import { startInserts } from "./insert.js"
import { startLease } from "./lease.js"
import { startMenus } from "./menus.js"
import { startParts } from "./parts.js"
import { startPhrases } from "./phrases.js"
import { startProof } from "./proof.js"
import { startReading } from "./reading.js"
import { startRemarks } from "./remarks.js"
import { settleSent, startResume } from "./resume.js"
import { startSession } from "./session.js"
import { startSubmit } from "./submit.js"
import { startTables } from "./tables.js"
import { startTyped } from "./typed.js"
import { startWords } from "./words.js"

// Deferred scripts have run by then: an editor on the page has filled its fields,
// so "unchanged" means unchanged.
document.addEventListener("DOMContentLoaded", () => {
  // The order matters for submissions: ask first, then settle remarks in place, let a running save finish, then lock the buttons.
  startConfirm()
  startChecks()
  startRemarks()
  settleSent()
  startDrafts()
  startAutosave()
  startResume()
  startSubmit()
  startAgain()
  startBell()
  startCopy()
  startCounters()
  startDesk()
  startErrors()
  startFiles()
  startLive()
  startInserts()
  startLease()
  startMenus()
  startParts()
  startPhrases()
  startProof()
  startReading()
  startSession()
  startTables()
  startTyped()
  startWords()
})
