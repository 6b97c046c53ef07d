/**
 * A date and time in the business time zone. Typed text is read when the field is left, and kept
 * if it cannot be read; `FormDialog` then does not submit the form.
 */
import { t } from '@lingui/core/macro'
import { ActionIcon, Button, Group, Popover, Text, TextInput } from '@mantine/core'
import { DatePicker } from '@mantine/dates'
import '@mantine/dates/styles.layer.css'
import { IconCalendar } from '@tabler/icons-react'
import type { Dayjs } from 'dayjs'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { useBusiness } from '@/lib/business'
import { formatDay, formatUtc, formatWallTime, instantOf, wallFormat } from '@/lib/time'
import { readTypedDate, type TypedMoment } from '@/lib/typedDates'
import { todayOf, wallNow } from '@/lib/wallTime'
import { calendarProps } from './calendar'

/** A button that fills in the field. */
export interface Shortcut {
  label: string
  /** The wall time. */
  wall: string
}

export interface MomentFieldProps {
  label: string
  description?: ReactNode
  error?: ReactNode
  required?: boolean
  'data-autofocus'?: boolean
  /** The wall time in the business time zone. */
  value?: string | null
  onChange?: (wall: string | null) => void
  /** The time of a date that is typed or picked without one. */
  defaultTime?: string
  /** Accepts moments before now. */
  allowPast?: boolean
  /** Accepts moments after today; true by default. */
  allowFuture?: boolean
  /** A date without a year is the last one, not the next one. */
  meansPast?: boolean
  /** Without a time of day; see `DateField`. */
  dateOnly?: boolean
  /** Shows the label inside the field, and nothing below it, for the filters of a list. */
  compact?: boolean
  /** Replaces the buttons for tomorrow, next week and next month. */
  shortcuts?: Shortcut[]
}

export function MomentField(props: MomentFieldProps) {
  const { value = null, onChange, defaultTime = '00:00', dateOnly = false } = props
  const { allowPast = false, allowFuture = true, compact = false } = props
  const { meansPast = !allowFuture } = props
  const { label, description, error, required, shortcuts } = props
  const textOf = (wall: string | null) => wall?.slice(0, dateOnly ? 10 : wallFormat.length) ?? ''
  const { timeZone, now } = useBusiness()
  const input = useRef<HTMLInputElement>(null)
  const [text, setText] = useState(textOf(value))
  const [problem, setProblem] = useState<string | null>(null)
  const [known, setKnown] = useState(value)
  if (value !== known) {
    // Set from outside, for example by a reset of the form.
    setKnown(value)
    setText(textOf(value))
    setProblem(null)
  }
  useEffect(() => input.current?.setCustomValidity(problem ?? ''), [problem])
  const here = wallNow(now(), timeZone)
  const tomorrow = here.add(1, 'day').format('YYYY-MM-DD')
  const placeholder = dateOnly ? here.format('YYYY-MM-DD') : `${tomorrow} ${defaultTime}`

  const present = here.format(wallFormat)
  const today = here.format('YYYY-MM-DD')

  function accept(wall: string | null, typed: string, fault: string | null = null) {
    setText(typed)
    setProblem(fault)
    setKnown(wall)
    if (wall !== value) onChange?.(wall)
  }

  const earliest = dateOnly ? `${today} 00:00:00` : here.format('YYYY-MM-DD HH:mm:00')

  function check(wall: string, typed: string) {
    if (!allowFuture && wall.slice(0, 10) > today)
      accept(null, typed, t`This date is in the future. Today is ${today}.`)
    else if (!allowPast && wall < earliest)
      accept(null, typed, t`This date is in the past. It is ${present} now.`)
    else accept(wall, textOf(wall))
  }

  function read() {
    if (text === textOf(value) && !problem) return
    if (text.trim() === '') return accept(null, '')
    const moment = readTypedDate(text, here)
    if (!moment)
      accept(
        null,
        text,
        dateOnly
          ? t`Can't read this date. Try 2026-12-01 or last Monday.`
          : t`Can't read this date. Try 2026-12-01 14:30 or next Monday.`,
      )
    else check(momentMeant(moment), text)
  }

  function momentMeant({ wall, hasTime, following, preceding }: TypedMoment): string {
    const time = dateOnly ? '00:00' : defaultTime
    const at = (typed: string) => (hasTime && !dateOnly ? typed : withTime(typed, time))
    const meant = at(wall)
    if (following && !allowPast && meant < earliest) return at(following)
    if (preceding && meansPast && meant.slice(0, 10) > today) return at(preceding)
    return meant
  }

  return (
    <TextInput
      ref={input}
      label={compact ? undefined : label}
      aria-label={compact ? label : undefined}
      w={compact ? 'min(170px, 44vw)' : undefined}
      required={required}
      data-autofocus={props['data-autofocus']}
      data-unread={text !== textOf(value) || undefined}
      autoComplete="off"
      placeholder={compact ? label : placeholder}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={read}
      onKeyDown={(event) => event.key === 'Enter' && read()}
      description={description}
      error={problem ?? error}
      rightSection={
        <Calendar
          value={value}
          today={today}
          allowPast={allowPast}
          allowFuture={allowFuture}
          onPick={(day) => {
            const wall = withTime(day, value ? value.slice(11, 16) : defaultTime)
            check(wall, textOf(wall))
          }}
        />
      }
      inputContainer={
        compact
          ? undefined
          : (field) => (
              <>
                <Shortcuts
                  of={shortcuts ?? usualShortcuts(todayOf(now(), timeZone), defaultTime)}
                  onPick={(wall) => check(wall, textOf(wall))}
                />
                {field}
                <Text
                  size="xs"
                  c="dimmed"
                  mt={4}
                  title={value && !dateOnly ? formatUtc(instantOf(value, timeZone)) : undefined}
                  data-echo
                >
                  {dateOnly ? value && formatDay(value.slice(0, 10)) : echo(value, timeZone)}
                </Text>
              </>
            )
      }
    />
  )
}

/** The day of a wall time at another time of day. */
function withTime(wall: string, time: string): string {
  return `${wall.slice(0, 10)} ${time}:00`
}

/** "Mon 30 Nov 2026, 23:59 Europe/Berlin time". */
function echo(wall: string | null, timeZone: string): string {
  if (!wall) return t`${timeZone} time`
  const time = formatWallTime(wall)
  return timeZone === 'UTC' ? `${time} UTC` : t`${time} ${timeZone} time`
}

function nextMonday(today: Dayjs): Dayjs {
  return today.add((8 - today.day()) % 7 || 7, 'day')
}

export function usualShortcuts(today: Dayjs, time: string): Shortcut[] {
  const offers = [
    [t`Tomorrow`, today.add(1, 'day')],
    [t`Next Monday`, nextMonday(today)],
    [t`In a week`, today.add(7, 'day')],
    [t`In a month`, today.add(1, 'month')],
    [t`1st of next month`, today.add(1, 'month').startOf('month')],
  ] as const
  return offers.map(([label, day]) => ({ label, wall: `${day.format('YYYY-MM-DD')} ${time}:00` }))
}

export function Shortcuts({ of, onPick }: { of: Shortcut[]; onPick: (wall: string) => void }) {
  if (of.length === 0) return null
  return (
    <Group gap={6} my={6}>
      {of.map(({ label, wall }) => (
        <Button
          key={label}
          size="compact-xs"
          mih={26}
          variant="default"
          onClick={() => onPick(wall)}
        >
          {label}
        </Button>
      ))}
    </Group>
  )
}

interface CalendarProps {
  value: string | null
  today: string
  allowPast: boolean
  allowFuture: boolean
  onPick: (day: string) => void
}

/** Opened by its button, so that it covers no other field while one types. */
function Calendar({ value, today, allowPast, allowFuture, onPick }: CalendarProps) {
  const [opened, setOpened] = useState(false)
  return (
    <Popover
      opened={opened}
      onChange={setOpened}
      position="bottom-end"
      shadow="md"
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          size={28}
          aria-label={t`Open the calendar`}
          onClick={() => setOpened((open) => !open)}
        >
          <IconCalendar size={16} aria-hidden />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown aria-label={t`Calendar`}>
        <DatePicker<'default'>
          value={value?.slice(0, 10) ?? null}
          defaultDate={value?.slice(0, 10) ?? today}
          minDate={allowPast ? undefined : today}
          maxDate={allowFuture ? undefined : today}
          getDayProps={(day) => ({ 'aria-current': day === today ? 'date' : undefined })}
          onChange={(day) => {
            if (day) onPick(day)
            setOpened(false)
          }}
          {...calendarProps}
        />
      </Popover.Dropdown>
    </Popover>
  )
}
