/** A table with selectable rows. The server sorts and pages. */
import { t } from '@lingui/core/macro'
import { Checkbox, Table } from '@mantine/core'
import {
  type ColumnDef,
  type RowData,
  type RowSelectionState,
  rowSelectionFeature,
  tableFeatures,
  useTable,
} from '@tanstack/react-table'
import { type MouseEvent, useRef } from 'react'
import { useListSettings } from '@/lib/listSettings'
import { useRowKeys } from './useRowKeys'

const features = tableFeatures({ rowSelectionFeature })

export type Selection = RowSelectionState

export type Column<Row extends RowData> = ColumnDef<typeof features, Row>

type Identified = RowData & { id: string }

interface DataTableProps<Row extends Identified> {
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
  selected?: RowSelectionState
  onSelect?: (selected: RowSelectionState) => void
  isSelectable?: (row: Row) => boolean
  nameOf?: (row: Row) => string
}

export function DataTable<Row extends Identified>(props: DataTableProps<Row>) {
  const {
    label,
    list = '',
    columns,
    rows,
    minWidth = 0,
    oneLine = false,
    amounts = [],
    selected,
    onSelect,
    isSelectable,
    nameOf,
  } = props
  const element = useRef<HTMLTableElement>(null)
  useRowKeys(element)
  const [{ hidden, isDense }] = useListSettings(list)
  const table = useTable({
    features,
    columns: columns.filter(({ id = '' }) => !hidden.includes(id)),
    data: rows,
    getRowId: (row) => row.id,
    enableRowSelection: (row) => isSelectable?.(row.original) ?? true,
    state: { rowSelection: selected ?? {} },
    onRowSelectionChange: (update) =>
      onSelect?.(typeof update === 'function' ? update(selected ?? {}) : update),
  })
  const side = (column: string) => (amounts.includes(column) ? 'right' : undefined)
  return (
    <Table.ScrollContainer
      minWidth={minWidth}
      type="native"
      tabIndex={0}
      role="region"
      aria-label={t`${label}, scrollable`}
      pos="relative"
    >
      <Table
        ref={element}
        highlightOnHover
        verticalSpacing={isDense ? 2 : undefined}
        aria-label={label}
        style={oneLine ? { whiteSpace: 'nowrap' } : undefined}
      >
        <Table.Thead>
          {table.getHeaderGroups().map((group) => (
            <Table.Tr key={group.id}>
              {onSelect && (
                <Table.Th w={36}>
                  <Checkbox
                    aria-label={t`Select all on this page`}
                    checked={table.getIsAllRowsSelected()}
                    indeterminate={table.getIsSomeRowsSelected() && !table.getIsAllRowsSelected()}
                    onChange={table.getToggleAllRowsSelectedHandler()}
                  />
                </Table.Th>
              )}
              {group.headers.map((header) => (
                <Table.Th
                  key={header.id}
                  fz="xs"
                  c="dimmed"
                  fw={600}
                  ta={side(header.column.id)}
                  style={{ whiteSpace: 'nowrap' }}
                >
                  <table.FlexRender header={header} />
                </Table.Th>
              ))}
            </Table.Tr>
          ))}
        </Table.Thead>
        <Table.Tbody>
          {table.getRowModel().rows.map((row) => (
            <Table.Tr key={row.id} data-selected={row.getIsSelected() || undefined}>
              {onSelect && (
                <Table.Td>
                  <Checkbox
                    aria-label={t`Select ${nameOf?.(row.original) ?? row.id}`}
                    checked={row.getIsSelected()}
                    disabled={!row.getCanSelect()}
                    onChange={noop}
                    onClick={(event: MouseEvent) => row.getToggleSelectedHandler()(event)}
                  />
                </Table.Td>
              )}
              {row.getAllCells().map((cell) => (
                <Table.Td key={cell.id} ta={side(cell.column.id)}>
                  <table.FlexRender cell={cell} />
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

/** `onClick` handles Shift ranges; React still requires a change handler with `checked`. */
function noop() {}
