/** Moves the focus in a tree by its keys, as the pattern for trees of WAI-ARIA describes. */

/** True if the key was one of the tree. */
export function focusByKey(tree: HTMLElement, key: string): boolean {
  const items = [...tree.querySelectorAll<HTMLElement>('[role=treeitem]')]
  const at = items.indexOf(document.activeElement as HTMLElement)
  const item = items[at]
  if (!item) return false
  switch (key) {
    case 'ArrowDown':
      return focusOn(items[at + 1])
    case 'ArrowUp':
      return focusOn(items[at - 1])
    case 'Home':
      return focusOn(items[0])
    case 'End':
      return focusOn(items.at(-1))
    case 'ArrowRight':
      if (item.getAttribute('aria-expanded') === 'false') return press(item, 'toggle')
      return levelOf(items[at + 1]) > levelOf(item) ? focusOn(items[at + 1]) : true
    case 'ArrowLeft':
      if (item.getAttribute('aria-expanded') === 'true') return press(item, 'toggle')
      return focusOn(items.slice(0, at).findLast((each) => levelOf(each) < levelOf(item)))
    case 'Enter':
    case ' ':
      // An item that loads others goes away.
      if (item.querySelector('button[data-tree=open]')) focusOn(items[at - 1])
      return press(item, 'open')
    default:
      return false
  }
}

function levelOf(item: HTMLElement | undefined): number {
  return Number(item?.getAttribute('aria-level') ?? 0)
}

function focusOn(item: HTMLElement | undefined): boolean {
  item?.focus()
  return true
}

/** Clicks the part of an item that opens it, or that shows and hides its children. */
function press(item: HTMLElement, part: 'open' | 'toggle'): boolean {
  item.querySelector<HTMLElement>(`[data-tree=${part}]`)?.click()
  return true
}
