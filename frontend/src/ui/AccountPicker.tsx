/** Searches an account by number or name while typing. */
import { t } from '@lingui/core/macro'
import { Group, Select, type SelectProps, Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useState } from 'react'
import { useQuery } from 'urql'
import type { PickAccountQuery } from '@/gql/graphql'
import { errorMessage } from '@/lib/failure'
import { PickAccountDocument } from './AccountPicker.generated'
import { StatusBadge } from './Badges'

export type PickedAccount = PickAccountQuery['accounts']['nodes'][number]

interface AccountPickerProps extends Omit<SelectProps, 'data' | 'value' | 'onChange'> {
  picked: PickedAccount | null
  onPick: (account: PickedAccount | null) => void
  /** The account itself cannot be picked. */
  except?: string
}

export function AccountPicker({ picked, onPick, except, ...rest }: AccountPickerProps) {
  const [typed, setTyped] = useState(picked ? labelOf(picked) : '')
  const [search] = useDebouncedValue(typed, 40)
  const asking = search.trim() !== '' && search !== (picked && labelOf(picked))
  const [{ data, fetching, error }] = useQuery({
    query: PickAccountDocument,
    variables: { search },
    pause: !asking,
  })
  const found = asking ? (data?.accounts.nodes ?? []).filter((each) => each.id !== except) : []
  const offered =
    picked && !found.some((each) => each.id === picked.id) ? [picked, ...found] : found
  const hint = asking
    ? fetching
      ? t`Searching…`
      : error
        ? errorMessage(error)
        : t`No results for "${search.trim()}"`
    : t`Type to search`
  return (
    <Select
      placeholder={t`Number, name, e-mail, phone or login`}
      searchable
      openOnFocus={false}
      clearable
      clearButtonProps={{ 'aria-label': t`Clear the account` }}
      searchValue={typed}
      onSearchChange={setTyped}
      filter={({ options }) => options}
      data={
        offered.length > 0
          ? offered.map((account) => ({ value: account.id, label: labelOf(account) }))
          : [{ value: '', label: hint, disabled: true }]
      }
      renderOption={({ option }) => {
        const account = offered.find((each) => each.id === option.value)
        return (
          <Group justify="space-between" wrap="nowrap" flex={1}>
            <Text size="sm" truncate>
              {option.label}
            </Text>
            {account && <StatusBadge status={account.status} size="sm" />}
          </Group>
        )
      }}
      value={picked?.id ?? null}
      onChange={(id) => onPick(offered.find((each) => each.id === id) ?? null)}
      {...rest}
    />
  )
}

function labelOf(account: Pick<PickedAccount, 'number' | 'name'>): string {
  return `${account.number} · ${account.name}`
}
