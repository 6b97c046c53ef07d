/** A month as a grid of days with counts and keyboard navigation. */
import { VisuallyHidden } from '@mantine/core'
import { Calendar } from '@mantine/dates'
import '@mantine/dates/styles.layer.css'
import { useBusiness } from '@/lib/business'
import { formatDay } from '@/lib/time'
import { DeferredCount } from '@/ui/Badges'
import classes from './Calendar.module.css'
import { inOrder, type MonthProps, statusCountsLabel } from './calendar'

export function MonthGrid({ month, days, selected, onSelect }: MonthProps) {
  const { clock } = useBusiness()
  const counts = new Map(days.map((day) => [day.date, day.counts]))
  return (
    <Calendar
      date={`${month}-01`}
      maxLevel="month"
      enableKeyboardNavigation={false}
      fullWidth
      weekdayFormat="ddd"
      weekendDays={[]}
      hideOutsideDates
      classNames={{
        calendarHeader: classes.header,
        weekday: classes.weekday,
        monthCell: classes.cell,
        day: classes.day,
      }}
      getDayProps={(day) => ({
        selected: day === selected,
        'data-empty': !counts.has(day) || undefined,
        // Its accessible name is its content.
        'aria-label': undefined,
        'aria-pressed': day === selected,
        'aria-current': day === clock.today ? 'date' : undefined,
        onClick: () => onSelect(day === selected ? undefined : day),
      })}
      renderDay={(day) => (
        <>
          <VisuallyHidden>
            {formatDay(day)}: {statusCountsLabel(counts.get(day) ?? [])}
          </VisuallyHidden>
          <span className={classes.number} aria-hidden>
            {Number(day.slice(8))}
          </span>
          <span className={classes.counts} aria-hidden>
            {inOrder(counts.get(day) ?? []).map((each) => (
              <DeferredCount key={each.status} {...each} />
            ))}
          </span>
        </>
      )}
    />
  )
}
