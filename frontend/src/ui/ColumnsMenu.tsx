/** Chooses the columns of a list and the height of its rows. */
import { t } from '@lingui/core/macro'
import { Button, Checkbox, Divider, Popover, Stack, Switch } from '@mantine/core'
import { IconColumns } from '@tabler/icons-react'
import type { RowData } from '@tanstack/react-table'
import { useListSettings } from '@/lib/listSettings'
import type { Column } from './DataTable'

interface ColumnsMenuProps<Row extends RowData> {
  list: string
  columns: Column<Row>[]
}

export function ColumnsMenu<Row extends RowData>({ list, columns }: ColumnsMenuProps<Row>) {
  const [{ hidden, isDense }, change] = useListSettings(list)
  // The first column identifies the row and stays.
  const choices = columns.slice(1).filter(({ header }) => typeof header === 'string')
  const shown = choices.map(({ id }) => id ?? '').filter((id) => !hidden.includes(id))
  return (
    <Popover position="bottom-end" shadow="md" trapFocus>
      <Popover.Target>
        <Button variant="default" leftSection={<IconColumns size={16} aria-hidden />}>
          {t`Columns`}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t`Columns`}>
        <Checkbox.Group
          aria-label={t`Columns`}
          value={shown}
          onChange={(kept) =>
            change({ hidden: choices.map(({ id = '' }) => id).filter((id) => !kept.includes(id)) })
          }
        >
          <Stack gap="xs">
            {choices.map(({ id, header }) => (
              <Checkbox key={id} value={id} label={String(header)} />
            ))}
          </Stack>
        </Checkbox.Group>
        <Divider my="sm" />
        <Switch
          label={t`Compact rows`}
          checked={isDense}
          onChange={(event) => change({ isDense: event.currentTarget.checked })}
        />
      </Popover.Dropdown>
    </Popover>
  )
}
