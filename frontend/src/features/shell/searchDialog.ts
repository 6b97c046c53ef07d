/**
 * Opens the search. Separate from the dialog, which is loaded after the first screen; the keys that
 * are pressed before its field has the focus are kept for it.
 */
import { createSpotlight } from '@mantine/spotlight'

const [store, actions] = createSpotlight()

export const searchDialogStore = store
export const searchDialog = { open, close: actions.close }

/** What was typed before the field had the focus, and whether Enter was pressed then. */
export interface EarlyKeys {
  text: string
  entered: boolean
}

/** Without the field after this time, for example offline, the keys belong to the page again. */
const longestMs = 10_000

let keys: EarlyKeys = { text: '', entered: false }
let stopKeeping = () => {}

function open(): void {
  if (!store.getState().opened) keepKeys()
  actions.open()
}

/** Called when the field gets the focus. */
export function takeKeys(): EarlyKeys {
  stopKeeping()
  const taken = keys
  keys = { text: '', entered: false }
  return taken
}

function keepKeys(): void {
  takeKeys()
  const ended = new AbortController()
  const options = { capture: true, signal: ended.signal }
  const timer = setTimeout(() => stopKeeping(), longestMs)
  stopKeeping = () => {
    clearTimeout(timer)
    ended.abort()
  }
  document.addEventListener('keydown', keepKey, options)
  document.addEventListener('pointerdown', stopKeeping, options)
}

function keepKey(event: KeyboardEvent): void {
  const { key, ctrlKey, metaKey, altKey } = event
  if (key === 'Escape') {
    stopKeeping()
    actions.close()
    return
  }
  if (ctrlKey || metaKey || altKey) return
  if (key === 'Enter') keys.entered = keys.text !== ''
  else if (key === 'Backspace') keys.text = keys.text.slice(0, -1)
  else if (key.length === 1) keys.text += key
  else return
  event.preventDefault()
  event.stopImmediatePropagation()
}
