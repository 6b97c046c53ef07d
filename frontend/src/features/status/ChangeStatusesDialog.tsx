/** Changes the status of selected accounts, or of all that match a filter, as a job. */
import { t } from '@lingui/core/macro'
import type { AccountFilter } from '@/gql/graphql'
import { useDialog } from '@/lib/dialog'
import { keptSelection } from '@/lib/keptSelection'
import { DialogFrame } from '@/ui/FormDialog'
import { EmptyMessage } from '@/ui/States'
import { type AccountSelection, ChangeStatusesForm } from './ChangeStatusesForm'

export default function ChangeStatusesDialog() {
  const { address } = useDialog()
  const selected = selectionOf(address.on, address.choice)
  if (selected) return <ChangeStatusesForm {...selected} />
  return (
    <DialogFrame title={t`Change status`}>
      <EmptyMessage title={t`No accounts selected`} hint={t`Select accounts in the list first.`} />
    </DialogFrame>
  )
}

function selectionOf(
  on: string[] | undefined,
  choice: string | undefined,
): { selection: AccountSelection; count: number } | null {
  const numbers = on ?? keptSelection(choice)
  if (numbers && numbers.length > 0) {
    const accountIds = numbers.map((number) => `account:${number}`)
    return { selection: { accountIds }, count: numbers.length }
  }
  const matching = choice ? matchingOf(choice) : null
  if (!matching) return null
  const { filter, count } = matching
  return { selection: { filter, expectedCount: count }, count }
}

/** What `changeAllStatuses` has put into the address; null if somebody has edited it. */
function matchingOf(choice: string): { filter: AccountFilter; count: number } | null {
  try {
    const { filter, count } = JSON.parse(choice)
    return typeof filter === 'object' && filter && Number.isInteger(count)
      ? { filter, count }
      : null
  } catch {
    return null
  }
}
