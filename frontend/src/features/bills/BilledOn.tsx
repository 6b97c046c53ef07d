/** The date on which a bill was made, or will be made. */
import { Trans } from '@lingui/react/macro'
import { OnDate } from '@/ui/When'

export function BilledOn({ bill }: { bill: { billedOn?: string | null; periodEnd: string } }) {
  if (bill.billedOn) return <OnDate date={bill.billedOn} />
  return (
    <Trans>
      Pending, bills on <OnDate date={bill.periodEnd} />
    </Trans>
  )
}
