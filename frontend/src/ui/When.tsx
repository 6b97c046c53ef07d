/** An instant in the business time zone, with UTC on hover. */
import { Text, type TextProps, Tooltip } from '@mantine/core'
import { useBusiness } from '@/lib/business'
import { formatDate, formatDateOf, formatInstant, formatUtc } from '@/lib/time'

interface WhenProps extends TextProps {
  at: string
  /** Omits the time of day. */
  day?: boolean
}

export function When({ at, day = false, ...rest }: WhenProps) {
  const { timeZone } = useBusiness()
  return (
    <Tooltip label={`${formatInstant(at, timeZone)} ${timeZone} = ${formatUtc(at)}`}>
      <Text component="time" dateTime={at} span inherit {...rest} style={{ whiteSpace: 'nowrap' }}>
        {day ? formatDateOf(at, timeZone) : formatInstant(at, timeZone)}
      </Text>
    </Tooltip>
  )
}

/** A business date has no time of day and no zone to convert. */
export function OnDate({ date }: { date: string }) {
  return (
    <time dateTime={date} style={{ whiteSpace: 'nowrap' }}>
      {formatDate(date)}
    </time>
  )
}
