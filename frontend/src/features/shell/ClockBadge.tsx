/** Shown on every screen while the business clock is set. */
import { t } from '@lingui/core/macro'
import { Badge } from '@mantine/core'
import { IconClockPause } from '@tabler/icons-react'
import { useBusiness } from '@/lib/business'
import { formatInstant, formatUtc } from '@/lib/time'

export function ClockBadge() {
  const { clock, timeZone } = useBusiness()
  if (!clock.isSet) return null
  return (
    <Badge
      tt="none"
      title={t`The business clock is set: ${formatUtc(clock.now)} (${timeZone})`}
      size="lg"
      leftSection={<IconClockPause size={14} color="var(--tenure-waiting)" aria-hidden />}
      aria-label={t`Business clock: ${formatInstant(clock.now, timeZone)}`}
      role="status"
    >
      {formatInstant(clock.now, timeZone)}
    </Badge>
  )
}
