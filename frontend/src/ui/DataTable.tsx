/**
 * A table with selectable rows. The server sorts and pages. On a phone each row is a stack of
 * lines, so that nothing scrolls sideways.
 */
import { t } from '@lingui/core/macro'
import { Checkbox } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { type AriaRole, type MouseEvent, type ReactNode, useRef } from 'react'
import { withLineBreaks } from '@/lib/lineBreaks'
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
  /** Sentences: they wrap, but never to a column of single words. */
  isText?: boolean
  /**
   * In a stacked row: without its label, on a line of its own or at the end of the first line; or
   * with its label although it is the first. A text has none, unless it is below a label.
   */
  stacked?: 'line' | 'aside' | 'label'
  cell: (of: { row: { original: Row } }) => ReactNode
}

/** Up to this width, the columns of a list have no room side by side. */
const narrow = '(max-width: 37.5em)'

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
  const places = placesOf(shown)
  const isStacked = useMediaQuery(narrow, undefined, { getInitialValueInEffect: false })
  // Elements of a table that are not laid out as one lose their roles in some browsers.
  const role = (name: AriaRole) => (isStacked ? name : undefined)
  const side = (column: string) => (amounts.includes(column) ? 'right' : undefined)
  const selectable = rows.filter(isSelectable).map(({ id }) => id)
  const isAll = selectable.length > 0 && selectable.every((id) => selected[id])

  function click(id: string, event: MouseEvent) {
    const from = event.shiftKey ? lastClicked.current : null
    lastClicked.current = id
    onSelect?.(toggled(selected, selectable, id, from))
  }

  return (
    // What scrolls can have the focus, so that a keyboard scrolls it.
    <div
      {...(!isStacked && { role: 'region', 'aria-label': t`${label}, scrollable`, tabIndex: 0 })}
      className={classes.scroll}
    >
      <table
        ref={element}
        role={role('table')}
        aria-label={label}
        className={classes.table}
        data-list
        data-stacked={isStacked || undefined}
        data-one-line={oneLine || undefined}
        data-dense={isDense || undefined}
        style={{ minWidth: isStacked ? undefined : minWidth }}
      >
        <thead role={role('rowgroup')}>
          <tr role={role('row')}>
            {onSelect && (
              <th
                role={role('columnheader')}
                className={classes.choice}
                data-label={isStacked ? t`Select all on this page` : undefined}
              >
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
              <th
                key={id}
                role={role('columnheader')}
                data-side={side(id)}
                data-pinned={isPinned || undefined}
              >
                {typeof header === 'string' ? header : header()}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role={role('rowgroup')}>
          {rows.map((row) => (
            <tr key={row.id} role={role('row')} data-selected={selected[row.id] || undefined}>
              {onSelect && (
                <td role={role('cell')} data-place={isStacked ? 'choice' : undefined}>
                  <Checkbox
                    aria-label={t`Select ${nameOf?.(row) ?? row.id}`}
                    checked={selected[row.id] ?? false}
                    disabled={!selectable.includes(row.id)}
                    onChange={noop}
                    onClick={(event: MouseEvent) => click(row.id, event)}
                  />
                </td>
              )}
              {shown.map((column, index) => (
                <td
                  key={column.id}
                  role={role('cell')}
                  data-side={side(column.id)}
                  data-pinned={column.isPinned || undefined}
                  data-text={column.isText || undefined}
                  {...(isStacked && places[index])}
                >
                  {isStacked
                    ? stackedContent(column.cell({ row: { original: row } }))
                    : column.cell({ row: { original: row } })}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** Where the cells stand in a stacked row, or their labels. */
function placesOf<Row>(columns: Column<Row>[]) {
  let isBelowLabel = false
  return columns.map(({ header, isText, stacked }, index) => {
    if (typeof header !== 'string') return { 'data-place': 'actions' }
    if (stacked === 'aside' || stacked === 'line') return { 'data-place': stacked }
    if (stacked !== 'label') {
      if (index === 0) return { 'data-place': 'title' }
      if (isText && !isBelowLabel) return { 'data-place': 'line' }
    }
    isBelowLabel = true
    return { 'data-label': header }
  })
}

/** In a box, beside the label. A dash fills the cell of a table; a stacked row omits the line. */
function stackedContent(content: ReactNode): ReactNode {
  const isNothing = content === '–' || (!content && content !== 0)
  return isNothing ? null : <div>{withLineBreaks(content)}</div>
}

/** `onClick` handles Shift ranges; React still requires a change handler with `checked`. */
function noop() {}
