/** The totals of a bill day: bills, payments, quarantined and overdue accounts. */
import { plural, t } from '@lingui/core/macro'
import { Box, SimpleGrid, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useQuery } from 'urql'
import type { JobTotalKind, RunStepsFragment } from '@/gql/graphql'
import { formatMoney } from '@/lib/money'
import { listCount } from '@/lib/paging'
import { Panel } from '@/ui/Panel'
import { OverdueAccountsDocument } from './operations.generated'
import { totalLabels } from './steps'

type Total = RunStepsFragment['totals'][number]

interface RunTotalsProps {
  totals: Total[]
  quarantined: number
}

export function RunTotals({ totals, quarantined }: RunTotalsProps) {
  const [{ data, error }] = useQuery({
    query: OverdueAccountsDocument,
    requestPolicy: 'network-only',
  })
  return (
    <Panel title={t`Totals`} hint={t`This run only`}>
      <SimpleGrid
        component="dl"
        cols={{ base: 2, sm: 3, md: 5 }}
        spacing="md"
        px="md"
        py="sm"
        m={0}
      >
        {(Object.keys(totalLabels) as JobTotalKind[]).map((kind) => (
          <Figure key={kind} label={totalLabels[kind]}>
            <Sums kind={kind} totals={totals.filter((total) => total.kind === kind)} />
          </Figure>
        ))}
        <Figure label={t`Quarantined`}>{accountsText(quarantined)}</Figure>
        <Figure label={t`Overdue now`}>
          {data ? accountsText(data.accounts.totalCount) : error ? t`Unknown` : '…'}
        </Figure>
      </SimpleGrid>
    </Panel>
  )
}

function Figure({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Box miw={0}>
      <Text component="dt" size="xs" c="dimmed">
        {label}
      </Text>
      <Box component="dd" m={0} fz="sm" style={{ overflowWrap: 'anywhere' }}>
        {children}
      </Box>
    </Box>
  )
}

function accountsText(count: number): string {
  return listCount(count, plural(count, { one: '# account', other: '# accounts' }))
}

function countText(kind: JobTotalKind, count: number): string {
  return kind === 'BILLS_MADE'
    ? plural(count, { one: '# bill', other: '# bills' })
    : plural(count, { one: '# payment', other: '# payments' })
}

function Sums({ kind, totals }: { kind: JobTotalKind; totals: Total[] }) {
  if (totals.length === 0) return t`None`
  return totals.map(({ count, sum }) => (
    <div key={sum.currency}>
      <b>{countText(kind, count)}</b>
      <br />
      {formatMoney(sum.amount, sum.currency)}
    </div>
  ))
}
