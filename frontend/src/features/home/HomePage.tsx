/** What needs somebody today, each number with a link to its list; and figures by month. */
import { plural, t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Group, Paper, Skeleton, Stack, Text, Title } from '@mantine/core'
import { Navigate } from '@tanstack/react-router'
import { lazy, type ReactNode, Suspense } from 'react'
import { useQuery } from 'urql'
import type { AmountFragment, HomeQuery } from '@/gql/graphql'
import { useBusiness, useMay } from '@/lib/business'
import { formatMoney } from '@/lib/money'
import { addDays } from '@/lib/time'
import { JobStatusBadge } from '@/ui/Badges'
import { Dotted } from '@/ui/Dotted'
import { PageHeader } from '@/ui/PageHeader'
import { QueryResult } from '@/ui/States'
import { OnDate } from '@/ui/When'
import { accountsLink, overdueAccountsLink } from '../accounts/links'
import { deferredLink } from '../deferred/links'
import { disputesLink } from '../disputes/links'
import { jobRunLink, jobsLink } from '../jobs/links'
import { paymentsOfAllLink } from '../payments/links'
import classes from './HomePage.module.css'
import { HomeDocument } from './operations.generated'
import { type Tile, Tiles } from './Tiles'

const Figures = lazy(() => import('./Figures'))
const FirstSteps = lazy(() => import('./FirstSteps'))

export function HomePage() {
  const mayRead = useMay('AGENT')
  const [result, refetch] = useQuery({ query: HomeDocument, pause: !mayRead })
  if (!mayRead) return <Navigate {...accountsLink} replace />
  return (
    <>
      <PageHeader title={t`Today`} hint={t`What needs somebody, and the last twelve months`} />
      <Stack gap="lg">
        <QueryResult
          result={result}
          retry={() => refetch({ requestPolicy: 'network-only' })}
          lines={8}
        >
          {({ home, accounts, offers }) => (
            <Stack gap="lg">
              {accounts.nodes.length === 0 && (
                <Suspense>
                  <FirstSteps hasOffers={offers.nodes.length > 0} />
                </Suspense>
              )}
              <Numbers home={home} />
            </Stack>
          )}
        </QueryResult>
        <Suspense fallback={<Skeleton h={320} />}>
          <Figures />
        </Suspense>
      </Stack>
    </>
  )
}

function Numbers({ home }: { home: HomeQuery['home'] }) {
  const { clock } = useBusiness()
  const attention = attentionTiles(home).filter(({ count }) => count > 0)
  return (
    <div className={classes.numbers}>
      <Section title={t`Needs attention`}>
        {attention.length > 0 ? (
          <Tiles tiles={attention} />
        ) : (
          <Paper p="md">
            <Text size="sm" c="dimmed">
              {t`Nothing failed, is overdue or in dispute. Problems appear here as they arise.`}
            </Text>
          </Paper>
        )}
      </Section>
      <Section title={t`Coming up`}>
        <Tiles tiles={comingTiles(home, clock.today)} />
      </Section>
    </div>
  )
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title}>
      <Title order={2} mb="xs">
        {title}
      </Title>
      {children}
    </section>
  )
}

function attentionTiles(home: HomeQuery['home']): Tile[] {
  const { overdue, openDisputes, failedPayments } = home
  return [
    {
      label: t`Overdue accounts`,
      count: overdue.accounts,
      detail: (
        <Dotted>
          {sumsOf(overdue.bills.sums)}
          {overdue.oldestDueOn && (
            <Trans>
              oldest <OnDate date={overdue.oldestDueOn} />
            </Trans>
          )}
        </Dotted>
      ),
      link: overdueAccountsLink,
    },
    {
      label: t`Failed deferred actions`,
      count: home.failedActions,
      detail: t`Run again or reschedule`,
      link: deferredLink({ status: ['FAILED'] }),
    },
    {
      label: t`Quarantined accounts`,
      count: home.quarantinedAccounts,
      detail: t`Retried by the next bill day`,
      link: jobsLink,
    },
    {
      label: t`Open disputes`,
      count: openDisputes.count,
      detail: sumsOf(openDisputes.sums),
      link: disputesLink({ status: ['OPEN'] }),
    },
    {
      label: t`Failed payments`,
      count: failedPayments.count,
      detail: (
        <Dotted>
          {sumsOf(failedPayments.sums)}
          {t`last 30 days`}
        </Dotted>
      ),
      link: paymentsOfAllLink({ status: ['FAILED'], from: home.failedPaymentsFrom }),
    },
  ]
}

function comingTiles(home: HomeQuery['home'], today: string): Tile[] {
  const { lastBillDay } = home
  const due: Tile[] = [
    {
      label: t`Due today`,
      count: home.dueToday,
      detail: t`Deferred actions`,
      link: deferredLink({ status: ['PENDING'], to: today }),
    },
    {
      label: t`Due within seven days`,
      count: home.dueThisWeek,
      detail: t`Deferred actions`,
      link: deferredLink({ status: ['PENDING'], to: addDays(today, 6) }),
    },
  ]
  if (!lastBillDay) return due
  const { done, failed, businessDate, status, id } = lastBillDay
  const failures = plural(failed, { one: '# failure', other: '# failures' })
  const billDay: Tile = {
    label: t`Last bill day`,
    count: done,
    value: <OnDate date={businessDate} />,
    detail: (
      <Group component="span" gap={6}>
        <JobStatusBadge status={status} />
        {failed > 0 && <span>{failures}</span>}
      </Group>
    ),
    link: jobRunLink(id),
  }
  return [...due, billDay]
}

/** "120.00 EUR, 40.00 USD". */
function sumsOf(sums: AmountFragment[]): string {
  return sums.map(({ amount, currency }) => formatMoney(amount, currency)).join(', ')
}
