/** An instant in the business time zone, with UTC on hover. */
import { Text, type TextProps } from '@mantine/core'
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
    <Text
      component="time"
      dateTime={at}
      title={`${formatInstant(at, timeZone)} ${timeZone} = ${formatUtc(at)}`}
      span
      inherit
      {...rest}
    >
      {day ? formatDateOf(at, timeZone) : formatInstant(at, timeZone)}
    </Text>
  )
}

/** A business date has no time of day and no zone to convert. */
export function OnDate({ date }: { date: string }) {
  return <time dateTime={date}>{formatDate(date)}</time>
}
