/** Deferred actions by day: a month with counts, and the actions of the open day. */
import { t } from '@lingui/core/macro'
import { Group, Paper, Text, Title } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { IconCalendarEvent, IconList } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import { useQuery } from 'urql'
import { useBusiness } from '@/lib/business'
import { pageArguments } from '@/lib/paging'
import { formatDay } from '@/lib/time'
import { useChangeSearch } from '@/lib/useChangeSearch'
import { DeferredCount } from '@/ui/Badges'
import { ButtonLink } from '@/ui/links'
import { PageHeader } from '@/ui/PageHeader'
import { EmptyMessage, QueryResult } from '@/ui/States'
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
  const [result, refetch] = useQuery({
    query: DeferredCalendarDocument,
    variables: { ...daysOf(month), filter: { kind, status } },
  })
  const show = (shown: string) =>
    change({ month: shown, day: undefined, after: undefined, before: undefined })
  return (
    <>
      <PageHeader
        title={t`Calendar of deferred actions`}
        hint={t`Scheduled changes by business day`}
        actions={
          <ButtonLink
            {...deferredLink({ kind, status })}
            variant="default"
            leftSection={<IconList size={16} aria-hidden />}
          >
            {t`List`}
          </ButtonLink>
        }
      />
      <Group gap="xs" mb="sm">
        <KindAndStatus search={search} />
        {isNarrowed({ kind, status }) && <ClearFilters />}
      </Group>
      <Paper p={{ base: 'xs', sm: 'md' }}>
        <MonthSwitch month={month} today={clock.today} onShow={show} />
        <QueryResult
          result={result}
          retry={() => refetch({ requestPolicy: 'network-only' })}
          lines={12}
        >
          {({ deferredActionDays }) => (
            <Month
              month={month}
              days={deferredActionDays}
              selected={search.day}
              onSelect={(day) => change({ month, day, after: undefined, before: undefined })}
            />
          )}
        </QueryResult>
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
      <Group gap="md" mb="xs" mih={20} role="status" aria-label={t`In this month`}>
        {sums.length === 0 && (
          <Text size="sm" c="dimmed">
            {t`Nothing in this month`}
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
  const [result, refetch] = useQuery({
    query: DeferredActionsDocument,
    variables: { filter: deferredFilter(onDay(search, day), timeZone), ...pageArguments(search) },
  })
  const top = useRef<HTMLDivElement>(null)
  const isThere = result.data !== undefined
  useEffect(() => {
    if (isThere) top.current?.scrollIntoView({ block: 'nearest' })
  }, [isThere])
  return (
    <section aria-label={formatDay(day)}>
      <div ref={top} className={classes.top} />
      <Title order={2} mt="lg" mb="xs">
        {formatDay(day)}
      </Title>
      <QueryResult
        result={result}
        retry={() => refetch({ requestPolicy: 'network-only' })}
        lines={3}
      >
        {({ deferredActions }) => (
          <DeferredList
            actions={deferredActions}
            nothing={
              <EmptyMessage
                icon={<IconCalendarEvent />}
                title={
                  isNarrowed(search)
                    ? t`No deferred action matches on this day`
                    : t`Nothing on this day`
                }
                hint={t`Changes of status or hierarchy scheduled for this date appear here.`}
                action={isNarrowed(search) && <ClearFilters variant="default" size="xs" />}
              />
            }
          />
        )}
      </QueryResult>
    </section>
  )
}
