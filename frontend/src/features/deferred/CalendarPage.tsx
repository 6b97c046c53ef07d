/** What is scheduled, day by day: counts on a month, and the actions of the day that is open. */
import { Group, Paper, Text, Title } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { IconCalendarEvent, IconList } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import { useQuery } from 'urql'
import { useBusiness } from '@/lib/business'
import { pageArguments } from '@/lib/paging'
import { shownDay } from '@/lib/time'
import { useChangeSearch } from '@/lib/useChangeSearch'
import { DeferredCount } from '@/ui/Badges'
import { ButtonLink } from '@/ui/links'
import { PageHeader } from '@/ui/PageHeader'
import { Answer, Nothing } from '@/ui/States'
import { Agenda } from './Agenda'
import classes from './Calendar.module.css'
import { type CalendarSearch, daysOf, type MonthProps, monthShown, onDay, totals } from './calendar'
import { ClearFilters, isNarrowed, KindAndStatus } from './DeferredFilters'
import { DeferredList } from './DeferredList'
import { deferredLink } from './links'
import { MonthGrid } from './MonthGrid'
import { MonthSwitch } from './MonthSwitch'
import { DeferredActionsDocument, DeferredCalendarDocument } from './operations.generated'
import { deferredFilter } from './search'

export function CalendarPage({ search }: { search: CalendarSearch }) {
  const { clock } = useBusiness()
  const change = useChangeSearch<CalendarSearch>()
  const month = monthShown(search, clock.today)
  const { kind, status } = search
  const [result, ask] = useQuery({
    query: DeferredCalendarDocument,
    variables: { ...daysOf(month), filter: { kind, status } },
  })
  const show = (shown: string) =>
    change({ month: shown, day: undefined, after: undefined, before: undefined })
  return (
    <>
      <PageHeader
        title="Calendar of deferred actions"
        hint="Scheduled changes by business day"
        actions={
          <ButtonLink
            {...deferredLink({ kind, status })}
            variant="default"
            leftSection={<IconList size={16} aria-hidden />}
          >
            List
          </ButtonLink>
        }
      />
      <Group gap="xs" mb="sm">
        <KindAndStatus search={search} />
        {isNarrowed({ kind, status }) && <ClearFilters />}
      </Group>
      <Paper p={{ base: 'xs', sm: 'md' }}>
        <MonthSwitch month={month} today={clock.today} onShow={show} />
        <Answer of={result} retry={() => ask({ requestPolicy: 'network-only' })} lines={12}>
          {({ deferredActionDays }) => (
            <Month
              month={month}
              days={deferredActionDays}
              chosen={search.day}
              onChoose={(day) => change({ month, day, after: undefined, before: undefined })}
            />
          )}
        </Answer>
      </Paper>
      {search.day && <Day key={search.day} search={search} day={search.day} />}
    </>
  )
}

function Month(props: MonthProps) {
  const narrow = useMediaQuery('(max-width: 48em)', undefined, { getInitialValueInEffect: false })
  const sums = totals(props.days)
  return (
    <>
      <Group gap="md" mb="xs" mih={20} role="status" aria-label="In this month">
        {sums.length === 0 && (
          <Text size="sm" c="dimmed">
            Nothing in this month
          </Text>
        )}
        {sums.map(({ status, count }) => (
          <DeferredCount key={status} status={status} count={count} named />
        ))}
      </Group>
      {narrow ? <Agenda {...props} /> : <MonthGrid {...props} />}
    </>
  )
}

function Day({ search, day }: { search: CalendarSearch; day: string }) {
  const { timeZone } = useBusiness()
  const [result, ask] = useQuery({
    query: DeferredActionsDocument,
    variables: { filter: deferredFilter(onDay(search, day), timeZone), ...pageArguments(search) },
  })
  const top = useRef<HTMLDivElement>(null)
  const isThere = result.data !== undefined
  useEffect(() => {
    if (isThere) top.current?.scrollIntoView({ block: 'nearest' })
  }, [isThere])
  return (
    <section aria-label={shownDay(day)}>
      <div ref={top} className={classes.top} />
      <Title order={2} mt="lg" mb="xs">
        {shownDay(day)}
      </Title>
      <Answer of={result} retry={() => ask({ requestPolicy: 'network-only' })} lines={3}>
        {({ deferredActions }) => (
          <DeferredList
            actions={deferredActions}
            nothing={
              <Nothing
                icon={<IconCalendarEvent />}
                title={
                  isNarrowed(search)
                    ? 'No deferred action matches on this day'
                    : 'Nothing on this day'
                }
                hint="Schedule a change of status or hierarchy for this date and it appears here."
                action={isNarrowed(search) && <ClearFilters variant="default" size="xs" />}
              />
            }
          />
        )}
      </Answer>
    </section>
  )
}
