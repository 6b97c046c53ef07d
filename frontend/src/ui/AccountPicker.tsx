/** Searches an account while typing; the best match comes first. */
import { t } from '@lingui/core/macro'
import { Group, Text } from '@mantine/core'
import { useMemo } from 'react'
import { useQuery } from 'urql'
import type { PickAccountQuery } from '@/gql/graphql'
import { errorMessage } from '@/lib/failure'
import { useTypedSearch } from '@/lib/useTypedSearch'
import { PickAccountDocument } from './AccountPicker.generated'
import { StatusBadge } from './Badges'
import { PickField, type PickFieldProps } from './PickField'

export type PickedAccount = PickAccountQuery['search']['accounts'][number]

type Inherited = Omit<PickFieldProps, 'options' | 'value' | 'onChange' | 'onType' | 'meant'>

interface AccountPickerProps extends Inherited {
  picked: PickedAccount | null
  onPick: (account: PickedAccount | null) => void
  /** The account itself cannot be picked. */
  except?: string
}

const none: PickedAccount[] = []

export function AccountPicker({ picked, onPick, except, ...rest }: AccountPickerProps) {
  const [search, setTyped] = useTypedSearch(picked && labelOf(picked))
  const asking = search !== ''
  const [{ data, fetching, error }] = useQuery({
    query: PickAccountDocument,
    variables: { text: search },
    pause: !asking,
  })
  const found = asking ? (data?.search.accounts ?? none) : none
  const offered = useMemo(() => {
    const others = found.filter((each) => each.id !== except)
    const isOffered = !picked || others.some((each) => each.id === picked.id)
    return isOffered ? others : [picked, ...others]
  }, [found, picked, except])
  const options = useMemo(
    () => offered.map((account) => ({ value: account.id, label: labelOf(account) })),
    [offered],
  )

  /** The account with this number, or the only one with this name. */
  function meant(text: string) {
    const wanted = text.trim().toLowerCase()
    const [one, ...others] = offered.filter(
      ({ number, name }) => number.toLowerCase() === wanted || name.toLowerCase() === wanted,
    )
    return one && others.length === 0 ? { value: one.id, label: labelOf(one) } : undefined
  }

  const hint = asking
    ? fetching
      ? t`Searching…`
      : error
        ? errorMessage(error)
        : t`No results for "${search}"`
    : t`Type to search`
  return (
    <PickField
      placeholder={t`Number, name, e-mail, phone or login`}
      clearable
      clearButtonProps={{ 'aria-label': t`Clear the account` }}
      nothing={hint}
      options={options}
      meant={meant}
      onType={setTyped}
      renderOption={({ option }) => {
        const account = offered.find((each) => each.id === option.value)
        return (
          <Group justify="space-between" wrap="nowrap" flex={1}>
            <Text size="sm" truncate>
              {account ? labelOf(account) : hint}
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
