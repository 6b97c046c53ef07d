/** When an inactivated account or asset becomes active again, counted from its inactivation. */
import { t } from '@lingui/core/macro'
import dayjs from 'dayjs'
import { useBusiness } from '@/lib/business'
import { wallNow } from '@/lib/wallTime'
import { MomentField, type MomentFieldProps } from '@/ui/MomentField'

interface ReactivationFieldProps {
  /** The wall time of the inactivation; null for now. */
  from: string | null
  input: Pick<MomentFieldProps, 'value' | 'onChange' | 'error'>
}

export function ReactivationField({ from, input }: ReactivationFieldProps) {
  const { timeZone, now } = useBusiness()
  const start = from ? dayjs.utc(from) : wallNow(now(), timeZone).startOf('day')
  const shortcuts = [
    { label: t`After a week`, day: start.add(1, 'week') },
    { label: t`After two weeks`, day: start.add(2, 'week') },
    { label: t`After a month`, day: start.add(1, 'month') },
  ].map(({ label, day }) => ({ label, wall: day.format('YYYY-MM-DD HH:mm:ss') }))
  return (
    <MomentField
      label={t`Reactivate on`}
      description={t`Optional`}
      shortcuts={shortcuts}
      {...input}
    />
  )
}
