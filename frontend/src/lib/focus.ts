/** Keeps the keyboard at its place: after a dialog, and when what has the focus goes. */

/** How long a removed opener is noticed. */
const watchedMs = 10_000

let opener: HTMLElement | null = null

/**
 * What opens a dialog gets the focus back; for a menu item, the button of its menu. Must be called
 * on click: the menu closes afterwards and loses the focus.
 */
export function rememberOpener(): void {
  const active = document.activeElement
  if (!active || active.closest('[role=dialog]')) return
  const menuButton = active.closest('[role=menu]')?.getAttribute('aria-labelledby')
  const element = menuButton ? document.getElementById(menuButton) : active
  opener = element instanceof HTMLElement && element !== document.body ? element : null
}

/**
 * Runs after the dialog has released the focus. Returns a function that cancels it. Nothing on the
 * page has opened a dialog that an address opens; then the heading of the screen gets the focus.
 */
export function returnFocus(): () => void {
  const target = opener
  opener = null
  const timer = setTimeout(() => {
    if (target?.isConnected) target.focus({ preventScroll: true })
    focusHeadingIfLost()
  }, 160)
  return () => clearTimeout(timer)
}

/** The change may have removed the opener, or removes it once its list has been read again. */
function focusHeadingIfLost(): void {
  const focusHeading = () => {
    if (document.activeElement === document.body)
      document.querySelector<HTMLElement>('#content h1')?.focus({ preventScroll: true })
  }
  focusHeading()
  const observer = new MutationObserver(focusHeading)
  observer.observe(document.body, { childList: true, subtree: true })
  setTimeout(() => observer.disconnect(), watchedMs)
}

const focusable = 'a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled)'

/** Focuses what precedes an element that is about to go, such as the button that removes it. */
export function focusBefore(going: Element): void {
  const content = document.getElementById('content')
  const preceding = [...(content?.querySelectorAll<HTMLElement>(focusable) ?? [])].filter(
    (each) =>
      each.compareDocumentPosition(going) & Node.DOCUMENT_POSITION_FOLLOWING &&
      each.checkVisibility(),
  )
  const nearest = preceding.at(-1) ?? content
  nearest?.focus({ preventScroll: true })
}
