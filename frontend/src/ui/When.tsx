/** An instant in the business time zone, with UTC on hover. */
import { Text, type TextProps, Tooltip } from '@mantine/core'
import { useBusiness } from '@/lib/business'
import { inZone, shown, shownDate, shownUtc } from '@/lib/time'

interface WhenProps extends TextProps {
  at: string
  /** Without the time of day, where it does not matter. */
  day?: boolean
}

export function When({ at, day = false, ...rest }: WhenProps) {
  const { timeZone } = useBusiness()
  return (
    <Tooltip label={`${shown(at, timeZone)} ${timeZone} = ${shownUtc(at)}`}>
      <Text component="time" dateTime={at} span inherit {...rest} style={{ whiteSpace: 'nowrap' }}>
        {day ? shownDate(inZone(at, timeZone).format('YYYY-MM-DD')) : shown(at, timeZone)}
      </Text>
    </Tooltip>
  )
}

/** A business date has no time of day and no zone to convert. */
export function OnDate({ date }: { date: string }) {
  return (
    <time dateTime={date} style={{ whiteSpace: 'nowrap' }}>
      {shownDate(date)}
    </time>
  )
}
