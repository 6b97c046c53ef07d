/** Seen everywhere while the business clock is not real time. */
import { Badge, Tooltip } from '@mantine/core'
import { IconClockPause } from '@tabler/icons-react'
import { useBusiness } from '@/lib/business'
import { shown, shownUtc } from '@/lib/time'

export function ClockBadge() {
  const { clock, timeZone } = useBusiness()
  if (!clock.isSet) return null
  return (
    <Tooltip
      label={`The business clock is set and does not advance: ${shownUtc(clock.now)} (${timeZone})`}
    >
      <Badge
        tt="none"
        size="lg"
        leftSection={<IconClockPause size={14} color="var(--tenure-waiting)" aria-hidden />}
        aria-label={`Business clock: ${shown(clock.now, timeZone)}`}
        role="status"
      >
        {shown(clock.now, timeZone)}
      </Badge>
    </Tooltip>
  )
}
