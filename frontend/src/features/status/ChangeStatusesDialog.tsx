/** Changes the status of selected accounts, or of all that match a filter, as a job. */
import { t } from '@lingui/core/macro'
import { useState } from 'react'
import { useClient } from 'urql'
import type { AccountFilter } from '@/gql/graphql'
import { useDialog } from '@/lib/dialog'
import { keptSelection } from '@/lib/keptSelection'
import { DialogFrame } from '@/ui/FormDialog'
import { EmptyMessage } from '@/ui/States'
import { type AccountSelection, ChangeStatusesForm } from './ChangeStatusesForm'
import { CountAccountsDocument } from './operations.generated'

export default function ChangeStatusesDialog() {
  const { address } = useDialog()
  const selected = selectionOf(address.on, address.choice)
  if (selected && 'filter' in selected) return <OfFilter {...selected} />
  if (selected) return <ChangeStatusesForm {...selected} />
  return (
    <DialogFrame title={t`Change status`}>
      <EmptyMessage title={t`No accounts selected`} hint={t`Select accounts in the list first.`} />
    </DialogFrame>
  )
}

/** All accounts that match. Their number may be another one than that of the address by now. */
function OfFilter({ filter, count: countInList }: Matching) {
  const client = useClient()
  const [count, setCount] = useState(countInList)

  async function countAgain() {
    const options = { requestPolicy: 'network-only' } as const
    const { data } = await client.query(CountAccountsDocument, { filter }, options).toPromise()
    if (data) setCount(data.accounts.totalCount)
  }

  return (
    <ChangeStatusesForm
      selection={{ filter, expectedCount: count }}
      count={count}
      onCount={countAgain}
    />
  )
}

interface Matching {
  filter: AccountFilter
  count: number
}

function selectionOf(
  on: string[] | undefined,
  choice: string | undefined,
): { selection: AccountSelection; count: number } | Matching | null {
  const numbers = on ?? keptSelection(choice)
  if (numbers && numbers.length > 0) {
    const accountIds = numbers.map((number) => `account:${number}`)
    return { selection: { accountIds }, count: numbers.length }
  }
  return choice ? matchingOf(choice) : null
}

/** What `changeAllStatuses` has put into the address; null if somebody has edited it. */
function matchingOf(choice: string): Matching | null {
  try {
    const { filter, count } = JSON.parse(choice)
    return typeof filter === 'object' && filter && Number.isInteger(count)
      ? { filter, count }
      : null
  } catch {
    return null
  }
}
