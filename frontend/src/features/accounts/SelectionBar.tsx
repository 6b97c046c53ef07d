/** What is selected in the list of accounts, and what can be done with it. */
import { plural, t } from '@lingui/core/macro'
import { Button, Group, Text } from '@mantine/core'
import type { AccountFilter } from '@/gql/graphql'
import { type DialogAddress, useOpenDialog } from '@/lib/dialog'
import { keepSelection } from '@/lib/keptSelection'
import { isExactCount } from '@/lib/paging'
import { ClearSelection } from '@/ui/ClearSelection'
import { changeAllStatuses, changeKeptStatuses, changeStatuses } from '../status/links'
import type { SelectedAccounts } from './useSelectedAccounts'

/** The most that one change takes by their numbers. */
const mostByHand = 1_000
/** More numbers make an address that proxies may refuse when the page is reloaded. */
const mostInAddress = 200

interface SelectionBarProps {
  selected: SelectedAccounts
  filter: AccountFilter
  /** The number of accounts that match the filter. */
  total: number
}

export default function SelectionBar({ selected, filter, total }: SelectionBarProps) {
  const open = useOpenDialog()
  const { isAll, numbers, selectAll, clear } = selected
  const count = isAll ? total : numbers.length
  if (count === 0) return null
  const tooMany = !isAll && count > mostByHand
  return (
    <Group
      gap="xs"
      p="xs"
      role="toolbar"
      aria-label={t`Selected accounts`}
      style={{ borderBottom: '1px solid var(--mantine-color-default-border)' }}
    >
      <Text size="sm" fw={600} role="status">
        {isAll ? allSelected(count) : plural(count, { one: '# selected', other: '# selected' })}
      </Text>
      {!isAll && count < total && (
        <Button size="xs" variant="subtle" onClick={selectAll}>
          {selectAllText(total)}
        </Button>
      )}
      <Button
        size="xs"
        variant="default"
        disabled={tooMany}
        onClick={() => open(isAll ? changeAllStatuses(filter, total) : changeOf(numbers))}
      >
        {t`Change status…`}
      </Button>
      <ClearSelection onClear={clear} />
      {tooMany && (
        <Text size="xs" c="dimmed">
          {plural(mostByHand, {
            one: 'At most # account can be selected one by one. Use a filter for more.',
            other: 'At most # accounts can be selected one by one. Use a filter for more.',
          })}
        </Text>
      )}
    </Group>
  )
}

function changeOf(numbers: string[]): DialogAddress {
  return numbers.length > mostInAddress
    ? changeKeptStatuses(keepSelection(numbers))
    : changeStatuses(numbers)
}

function allSelected(count: number): string {
  if (!isExactCount(count)) return t`All accounts that match are selected`
  return plural(count, {
    one: 'The # account that matches is selected',
    other: 'All # accounts that match are selected',
  })
}

function selectAllText(total: number): string {
  if (!isExactCount(total)) return t`Select all accounts that match`
  return plural(total, {
    one: 'Select # account that matches',
    other: 'Select all # accounts that match',
  })
}
