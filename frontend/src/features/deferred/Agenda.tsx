/** A month as a list of the days with deferred actions or bills, for narrow screens. */
import { t } from '@lingui/core/macro'
import { Box, UnstyledButton } from '@mantine/core'
import { useBusiness } from '@/lib/business'
import { formatDay } from '@/lib/time'
import { DeferredCount } from '@/ui/Badges'
import { BillDayCount } from './BillDays'
import classes from './Calendar.module.css'
import { inOrder, type MonthProps } from './calendar'

export function Agenda({ days, billDays, selected, onSelect }: MonthProps) {
  const { clock } = useBusiness()
  const counts = new Map(days.map((day) => [day.date, day.counts]))
  const dates = [...new Set([...counts.keys(), ...billDays.keys()])].sort()
  return (
    <Box component="ol" m={0} p={0} style={{ listStyle: 'none' }} aria-label={t`Days`}>
      {dates.map((date) => (
        <li key={date}>
          <UnstyledButton
            className={classes.line}
            data-on-paper
            aria-pressed={date === selected}
            aria-current={date === clock.today ? 'date' : undefined}
            onClick={() => onSelect(date === selected ? undefined : date)}
          >
            <span className={classes.date}>{formatDay(date).replace(/ \d{4}$/, '')}</span>
            <span className={classes.counts}>
              {inOrder(counts.get(date) ?? []).map((each) => (
                <DeferredCount key={each.status} {...each} named />
              ))}
              <BillDayCount day={billDays.get(date)} named />
            </span>
          </UnstyledButton>
        </li>
      ))}
    </Box>
  )
}
