/** Gives the focus back to what opened a dialog; where that was an item of a menu, to the button of the menu. */

let opener: HTMLElement | null = null

/** Called in the moment of the click: afterwards the menu is gone, and the focus with it. */
export function rememberOpener(): void {
  const active = document.activeElement
  if (!active || active.closest('[role=dialog]')) return
  const menuButton = active.closest('[role=menu]')?.getAttribute('aria-labelledby')
  const element = menuButton ? document.getElementById(menuButton) : active
  opener = element instanceof HTMLElement && element !== document.body ? element : null
}

/** Once the dialog has let go of the focus; what it gives back cancels that. */
export function returnFocus(): (() => void) | undefined {
  const target = opener
  if (!target) return undefined
  opener = null
  const timer = setTimeout(() => {
    if (target.isConnected) target.focus({ preventScroll: true })
  }, 160)
  return () => clearTimeout(timer)
}
