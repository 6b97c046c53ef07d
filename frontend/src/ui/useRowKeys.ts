/** j and k move the focus through the rows of a list, x selects the row; Enter follows its link. */
import type { RefObject } from 'react'
import { useSingleKeyPress } from '@/lib/singleKeys'

const focusable = 'a[href], button:not([disabled]), input:not([disabled])'

export function useRowKeys(table: RefObject<HTMLTableElement | null>): void {
  useSingleKeyPress((event) => {
    if (!isAddressed(table.current)) return
    const rows = [...(table.current?.tBodies[0]?.rows ?? [])]
    const now = rows.findIndex((row) => row.contains(document.activeElement))
    if (event.key === 'j') focusRow(rows[now + 1])
    else if (event.key === 'k') focusRow(rows[now < 0 ? rows.length - 1 : now - 1])
    else if (event.key === 'x')
      rows[now]?.querySelector<HTMLInputElement>('[type=checkbox]')?.click()
  })
}

/** Of several tables the one with the focus, or else the first one. */
function isAddressed(table: HTMLTableElement | null): boolean {
  const tables = [...document.querySelectorAll('main table[data-list]')]
  const focused = tables.find((each) => each.contains(document.activeElement))
  return table !== null && table === (focused ?? tables[0])
}

function focusRow(row: HTMLTableRowElement | undefined): void {
  const target =
    row?.querySelector<HTMLElement>('a[href]') ?? row?.querySelector<HTMLElement>(focusable)
  target?.focus()
  row?.scrollIntoView({ block: 'nearest' })
}
