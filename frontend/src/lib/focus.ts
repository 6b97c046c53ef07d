/** Returns the focus to the opener of a dialog; for a menu item, to the button of its menu. */

let opener: HTMLElement | null = null

/** Must be called on click: the menu closes afterwards and loses the focus. */
export function rememberOpener(): void {
  const active = document.activeElement
  if (!active || active.closest('[role=dialog]')) return
  const menuButton = active.closest('[role=menu]')?.getAttribute('aria-labelledby')
  const element = menuButton ? document.getElementById(menuButton) : active
  opener = element instanceof HTMLElement && element !== document.body ? element : null
}

/** Runs after the dialog releases the focus. Returns a function that cancels it. */
export function returnFocus(): (() => void) | undefined {
  const target = opener
  if (!target) return undefined
  opener = null
  const timer = setTimeout(() => {
    if (target.isConnected) target.focus({ preventScroll: true })
  }, 160)
  return () => clearTimeout(timer)
}
