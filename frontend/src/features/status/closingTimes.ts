/** The times at which something is usually closed: the customer keeps it until a day has ended. */
import { t } from '@lingui/core/macro'
import type { Dayjs } from 'dayjs'
import { addDays } from '@/lib/time'
import type { Shortcut } from '@/ui/MomentField'
import { nextBillDates, type StatusNode } from './subject'

const endOfDay = '23:59'

/** `today` is the business date. A billing period ends on the day before its bill. */
export function closingTimes(
  node: StatusNode,
  today: Dayjs,
): { defaultTime: string; shortcuts: Shortcut[] } {
  const days: [string, string][] = [
    [t`End of today`, today.format('YYYY-MM-DD')],
    [t`End of the month`, today.endOf('month').format('YYYY-MM-DD')],
  ]
  const [bill] = nextBillDates(node).toSorted()
  if (bill) days.push([t`End of the billing period`, addDays(bill, -1)])
  return {
    defaultTime: endOfDay,
    shortcuts: days.map(([label, day]) => ({ label, wall: `${day} ${endOfDay}:00` })),
  }
}
