/** A month as a grid of days, each with its counts. The arrow keys lead from day to day. */
import { VisuallyHidden } from '@mantine/core'
import { Calendar } from '@mantine/dates'
import '@mantine/dates/styles.layer.css'
import { useBusiness } from '@/lib/business'
import { shownDay } from '@/lib/time'
import { DeferredCount } from '@/ui/Badges'
import classes from './Calendar.module.css'
import { countLabels, inOrder, type MonthProps } from './calendar'

export function MonthGrid({ month, days, chosen, onChoose }: MonthProps) {
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
        selected: day === chosen,
        'data-empty': !counts.has(day) || undefined,
        // Named by what stands in it.
        'aria-label': undefined,
        'aria-pressed': day === chosen,
        'aria-current': day === clock.today ? 'date' : undefined,
        onClick: () => onChoose(day === chosen ? undefined : day),
      })}
      renderDay={(day) => (
        <>
          <VisuallyHidden>
            {shownDay(day)}: {countLabels(counts.get(day) ?? [])}
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
