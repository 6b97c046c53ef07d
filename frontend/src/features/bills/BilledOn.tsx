/** The date on which a bill was made, or will be made if it is pending. */
import { OnDate } from '@/ui/When'

export function BilledOn({ bill }: { bill: { billedOn?: string | null; periodEnd: string } }) {
  return <OnDate date={bill.billedOn ?? bill.periodEnd} />
}
