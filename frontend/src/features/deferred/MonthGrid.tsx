/** A month as a grid of days with counts and keyboard navigation. */
import { t } from '@lingui/core/macro'
import { VisuallyHidden } from '@mantine/core'
import { Calendar } from '@mantine/dates'
import '@mantine/dates/styles.layer.css'
import type { CalendarBillDayFragment } from '@/gql/graphql'
import { useBusiness } from '@/lib/business'
import { formatDay } from '@/lib/time'
import { DeferredCount } from '@/ui/Badges'
import { calendarProps } from '@/ui/calendar'
import { BillDayCount, billDayLabel } from './BillDays'
import classes from './Calendar.module.css'
import { type Counts, inOrder, type MonthProps, statusCountsLabel } from './calendar'

export function MonthGrid({ month, days, billDays, selected, onSelect }: MonthProps) {
  const { clock } = useBusiness()
  const counts = new Map(days.map((day) => [day.date, day.counts]))
  return (
    <Calendar
      date={`${month}-01`}
      maxLevel="month"
      enableKeyboardNavigation={false}
      fullWidth
      weekdayFormat="ddd"
      {...calendarProps}
      classNames={{
        calendarHeader: classes.header,
        weekday: classes.weekday,
        monthCell: classes.cell,
        day: classes.day,
      }}
      getDayProps={(day) => ({
        selected: day === selected,
        'data-on-paper': true,
        'data-empty': !(counts.has(day) || billDays.has(day)) || undefined,
        // Its accessible name is its content.
        'aria-label': undefined,
        'aria-pressed': day === selected,
        'aria-current': day === clock.today ? 'date' : undefined,
        onClick: () => onSelect(day === selected ? undefined : day),
      })}
      renderDay={(day) => (
        <>
          <VisuallyHidden>
            {formatDay(day)}: {dayLabel(counts.get(day) ?? [], billDays.get(day))}
          </VisuallyHidden>
          <span className={classes.number} aria-hidden>
            {Number(day.slice(8))}
          </span>
          <span className={classes.counts} aria-hidden>
            {inOrder(counts.get(day) ?? []).map((each) => (
              <DeferredCount key={each.status} {...each} />
            ))}
            <BillDayCount day={billDays.get(day)} />
          </span>
        </>
      )}
    />
  )
}

function dayLabel(counts: Counts, billDay: CalendarBillDayFragment | undefined): string {
  const actions = statusCountsLabel(counts)
  if (!billDay) return actions
  const bills = billDayLabel(billDay)
  return counts.length > 0 ? t`${actions}; bill day: ${bills}` : t`bill day: ${bills}`
}
