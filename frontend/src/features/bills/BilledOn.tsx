/** The date on which a bill was made, or will be made. */
import { OnDate } from '@/ui/When'

export function BilledOn({ bill }: { bill: { billedOn?: string | null; periodEnd: string } }) {
  if (bill.billedOn) return <OnDate date={bill.billedOn} />
  return (
    <>
      Pending, bills on <OnDate date={bill.periodEnd} />
    </>
  )
}
