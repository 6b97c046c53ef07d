/** A date and time in the business time zone, typed or picked. The default time is 00:00. */
import { Button, Group } from '@mantine/core'
import { DateInput, type DateInputProps } from '@mantine/dates'
import '@mantine/dates/styles.layer.css'
import { useId } from 'react'
import { useBusiness } from '@/lib/business'
import { formatUtc, instantOf, parseWall, todayOf, wallFormat } from '@/lib/time'
import { calendarProps } from './calendar'

export interface MomentFieldProps extends Omit<DateInputProps, 'value' | 'onChange'> {
  /** The wall time in the business time zone. */
  value?: string | null
  onChange?: (wall: string | null) => void
  /** Shows buttons for tomorrow, next week and next month. */
  shortcuts?: boolean
}

export function MomentField({
  value,
  onChange,
  shortcuts = true,
  description,
  ...rest
}: MomentFieldProps) {
  const { timeZone, now } = useBusiness()
  const id = useId()
  const today = todayOf(now(), timeZone).format('YYYY-MM-DD')
  const utc = value ? formatUtc(instantOf(value, timeZone)).replace(/:00 UTC$/, ' UTC') : null
  return (
    <DateInput
      id={id}
      popoverProps={{ id, shadow: 'md' }}
      value={value}
      onChange={onChange}
      withTime
      valueFormat={wallFormat}
      dateParser={parseWall}
      placeholder="2026-12-01 00:00"
      defaultDate={today}
      getDayProps={(day) => ({
        'aria-current': day === today ? 'date' : undefined,
      })}
      {...calendarProps}
      clearable
      clearButtonProps={{ 'aria-label': 'Clear the date' }}
      description={
        <>
          {description} {timeZone} time{utc && timeZone !== 'UTC' && <>, {utc}</>}
        </>
      }
      inputContainer={(input) => (
        <>
          {shortcuts && <Shortcuts onPick={(wall) => onChange?.(wall)} />}
          {input}
        </>
      )}
      {...rest}
    />
  )
}

function Shortcuts({ onPick }: { onPick: (wall: string) => void }) {
  const { timeZone, now } = useBusiness()
  const today = todayOf(now(), timeZone)
  const offers = [
    ['Tomorrow', today.add(1, 'day')],
    ['In a week', today.add(7, 'day')],
    ['In a month', today.add(1, 'month')],
    ['1st of next month', today.add(1, 'month').startOf('month')],
  ] as const
  return (
    <Group gap={6} my={6}>
      {offers.map(([word, day]) => (
        <Button
          key={word}
          size="compact-xs"
          mih={26}
          variant="default"
          onClick={() => onPick(day.format('YYYY-MM-DD HH:mm:ss'))}
        >
          {word}
        </Button>
      ))}
    </Group>
  )
}
