/** Deferred actions and bill days: a month with counts, and what the open day has. */
import { plural, t } from '@lingui/core/macro'
import { Group, Paper, Text, Title } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { IconCalendarEvent, IconFileInvoice, IconList } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import { useQuery } from 'urql'
import type { CalendarBillDayFragment } from '@/gql/graphql'
import { useBusiness } from '@/lib/business'
import { pageArguments } from '@/lib/paging'
import { formatDay } from '@/lib/time'
import { useChangeSearch } from '@/lib/useChangeSearch'
import { DeferredCount, ToneCount } from '@/ui/Badges'
import { ClearFilters, isNarrowed, ListTools } from '@/ui/ListTools'
import { ButtonLink } from '@/ui/links'
import { PageHeader } from '@/ui/PageHeader'
import { EmptyMessage, QueryResult } from '@/ui/States'
import { Agenda } from './Agenda'
import { BillDayOfDate } from './BillDays'
import classes from './Calendar.module.css'
import { daysOf, type MonthProps, monthShown, onDay, totals } from './calendar'
import type { CalendarSearch } from './calendarSearch'
import { DeferredList } from './DeferredList'
import { calendarFilters } from './filters'
import { deferredLink } from './links'
import { MonthGrid } from './MonthGrid'
import { MonthSwitch } from './MonthSwitch'
import {
  BillDayCalendarDocument,
  DeferredActionsDocument,
  DeferredCalendarDocument,
} from './operations.generated'
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
  const [{ data: bill }] = useQuery({ query: BillDayCalendarDocument, variables: daysOf(month) })
  const billDays = new Map(bill?.billDays.map((day) => [day.date, day]))
  const show = (shown: string) =>
    change({ month: shown, day: undefined, after: undefined, before: undefined })
  return (
    <>
      <PageHeader
        title={t`Calendar`}
        hint={t`Deferred actions and bill days`}
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
      <ListTools
        label={t`Filter deferred actions`}
        list="calendar"
        search={{ kind, status }}
        filters={calendarFilters}
        hasViews={false}
      />
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
              billDays={billDays}
              selected={search.day}
              onSelect={(day) => change({ month, day, after: undefined, before: undefined })}
            />
          )}
        </QueryResult>
      </Paper>
      {search.day && (
        <Day key={search.day} search={search} day={search.day} billDay={billDays.get(search.day)} />
      )}
    </>
  )
}

function Month(props: MonthProps) {
  const narrow = useMediaQuery('(max-width: 48em)', undefined, { getInitialValueInEffect: false })
  const sums = totals(props.days)
  const billDayCount = props.billDays.size
  return (
    <>
      <Group gap="md" mb="xs" mih={20} role="status" aria-label={t`In this month`}>
        {sums.length === 0 && billDayCount === 0 && (
          <Text size="sm" c="dimmed">
            {t`Nothing in this month`}
          </Text>
        )}
        {sums.map(({ status, count }) => (
          <DeferredCount key={status} status={status} count={count} named />
        ))}
        {billDayCount > 0 && (
          <ToneCount tone="ended" sign={IconFileInvoice}>
            {plural(billDayCount, { one: '# bill day', other: '# bill days' })}
          </ToneCount>
        )}
      </Group>
      {narrow ? <Agenda {...props} /> : <MonthGrid {...props} />}
    </>
  )
}

interface DayProps {
  search: CalendarSearch
  day: string
  billDay: CalendarBillDayFragment | undefined
}

function Day({ search, day, billDay }: DayProps) {
  const { timeZone } = useBusiness()
  const [result, refetch] = useQuery({
    query: DeferredActionsDocument,
    variables: { filter: deferredFilter(onDay(search, day), timeZone), ...pageArguments(search) },
  })
  const some = isNarrowed(calendarFilters, search)
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
      {billDay && <BillDayOfDate day={billDay} />}
      <Paper>
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
                    some
                      ? t`No deferred action matches on this day`
                      : t`No deferred actions on this day`
                  }
                  hint={t`Changes of status or hierarchy scheduled for this date appear here.`}
                  action={some && <ClearFilters filters={calendarFilters} size="xs" />}
                />
              }
            />
          )}
        </QueryResult>
      </Paper>
    </section>
  )
}
