/** Chooses the columns of a list and the height of its rows. */
import { t } from '@lingui/core/macro'
import { Checkbox, Divider, Stack } from '@mantine/core'
import { IconColumns } from '@tabler/icons-react'
import { useListSettings } from '@/lib/listSettings'
import type { Column } from './DataTable'
import { PopoverButton } from './PopoverButton'
import { useShownColumns } from './useShownColumns'

interface ColumnsMenuProps<Row> {
  list: string
  columns: Column<Row>[]
}

export function ColumnsMenu<Row>({ list, columns }: ColumnsMenuProps<Row>) {
  const [{ isDense }, change] = useListSettings(list)
  // The first column identifies the row and stays.
  const choices = columns.slice(1).filter(({ header }) => typeof header === 'string')
  const shown = useShownColumns(list, choices).map(({ id }) => id)
  return (
    <PopoverButton
      name={t`Columns`}
      position="bottom-end"
      leftSection={<IconColumns size={16} aria-hidden />}
      content={() => (
        <>
          <Checkbox.Group
            aria-label={t`Columns`}
            value={shown}
            onChange={(kept) => {
              const hidden = choices.map(({ id }) => id).filter((id) => !kept.includes(id))
              change({ hidden, shown: kept })
            }}
          >
            <Stack gap="xs">
              {choices.map(({ id, header }) => (
                <Checkbox key={id} value={id} label={String(header)} />
              ))}
            </Stack>
          </Checkbox.Group>
          <Divider my="sm" />
          <Checkbox
            label={t`Compact rows`}
            checked={isDense}
            onChange={(event) => change({ isDense: event.currentTarget.checked })}
          />
        </>
      )}
    >
      {t`Columns`}
    </PopoverButton>
  )
}
