/** A table with selectable rows. The server sorts and pages. */
import { t } from '@lingui/core/macro'
import { Checkbox } from '@mantine/core'
import { type MouseEvent, type ReactNode, useRef } from 'react'
import { useListSettings } from '@/lib/listSettings'
import { type Selection, toggled } from '@/lib/selection'
import classes from './DataTable.module.css'
import { useRowKeys } from './useRowKeys'
import { useShownColumns } from './useShownColumns'

export interface Column<Row> {
  id: string
  header: string | (() => ReactNode)
  /** Shown on a wide window only, unless the user has chosen it. */
  isExtra?: boolean
  /** Stays in view while the table scrolls: the actions of a row. */
  isPinned?: boolean
  cell: (of: { row: { original: Row } }) => ReactNode
}

export interface DataTableProps<Row extends { id: string }> {
  label: string
  /** The name under which its columns and row height are kept; see `ColumnsMenu`. */
  list?: string
  columns: Column<Row>[]
  rows: Row[]
  minWidth?: number
  /** Keeps every cell on one line; the table scrolls horizontally. */
  oneLine?: boolean
  /** The ids of the columns with amounts, which are right-aligned. */
  amounts?: string[]
  selected?: Selection
  onSelect?: (selected: Selection) => void
  isSelectable?: (row: Row) => boolean
  nameOf?: (row: Row) => string
}

export function DataTable<Row extends { id: string }>(props: DataTableProps<Row>) {
  const { label, list = '', columns, rows, minWidth = 0, oneLine = false, amounts = [] } = props
  const { selected = {}, onSelect, isSelectable = () => true, nameOf } = props
  const element = useRef<HTMLTableElement>(null)
  useRowKeys(element)
  const lastClicked = useRef<string | null>(null)
  const [{ isDense }] = useListSettings(list)
  const shown = useShownColumns(list, columns)
  const side = (column: string) => (amounts.includes(column) ? 'right' : undefined)
  const selectable = rows.filter(isSelectable).map(({ id }) => id)
  const isAll = selectable.length > 0 && selectable.every((id) => selected[id])

  function click(id: string, event: MouseEvent) {
    const from = event.shiftKey ? lastClicked.current : null
    lastClicked.current = id
    onSelect?.(toggled(selected, selectable, id, from))
  }

  return (
    // biome-ignore lint/a11y/useSemanticElements: a section would be a landmark without a heading.
    <div
      role="region"
      aria-label={t`${label}, scrollable`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a keyboard scrolls what has the focus.
      tabIndex={0}
      className={classes.scroll}
    >
      <table
        ref={element}
        aria-label={label}
        className={classes.table}
        data-list
        data-one-line={oneLine || undefined}
        data-dense={isDense || undefined}
        style={{ minWidth }}
      >
        <thead>
          <tr>
            {onSelect && (
              <th className={classes.choice}>
                <Checkbox
                  aria-label={t`Select all on this page`}
                  checked={isAll}
                  indeterminate={!isAll && selectable.some((id) => selected[id])}
                  onChange={() =>
                    onSelect(isAll ? {} : Object.fromEntries(selectable.map((id) => [id, true])))
                  }
                />
              </th>
            )}
            {shown.map(({ id, header, isPinned }) => (
              <th key={id} data-side={side(id)} data-pinned={isPinned || undefined}>
                {typeof header === 'string' ? header : header()}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id} data-selected={selected[row.id] || undefined}>
              {onSelect && (
                <td>
                  <Checkbox
                    aria-label={t`Select ${nameOf?.(row) ?? row.id}`}
                    checked={selected[row.id] ?? false}
                    disabled={!selectable.includes(row.id)}
                    onChange={noop}
                    onClick={(event: MouseEvent) => click(row.id, event)}
                  />
                </td>
              )}
              {shown.map(({ id, cell, isPinned }) => (
                <td key={id} data-side={side(id)} data-pinned={isPinned || undefined}>
                  {cell({ row: { original: row } })}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** `onClick` handles Shift ranges; React still requires a change handler with `checked`. */
function noop() {}
