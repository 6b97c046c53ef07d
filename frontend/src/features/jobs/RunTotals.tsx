/** The totals of a bill day: bills, payments, quarantined and overdue accounts. */
import { Box, SimpleGrid, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useQuery } from 'urql'
import type { JobTotalKind, RunStepsFragment } from '@/gql/graphql'
import { countLabel } from '@/lib/labels'
import { formatMoney } from '@/lib/money'
import { Panel } from '@/ui/Panel'
import { OverdueAccountsDocument } from './operations.generated'
import { totalLabels } from './steps'

type Total = RunStepsFragment['totals'][number]

const things: Record<JobTotalKind, string> = {
  BILLS_MADE: 'bill',
  PAYMENTS_COLLECTED: 'payment',
  PAYMENTS_FAILED: 'payment',
}

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
    <Panel title="Totals" hint="This run only">
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
        <Figure label="Quarantined">{countLabel(quarantined, 'account')}</Figure>
        <Figure label="Overdue now">
          {data ? countLabel(data.accounts.totalCount, 'account') : error ? 'Unknown' : '…'}
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

function Sums({ kind, totals }: { kind: JobTotalKind; totals: Total[] }) {
  if (totals.length === 0) return 'None'
  return totals.map(({ count, sum }) => (
    <div key={sum.currency}>
      <b>{countLabel(count, things[kind])}</b>
      <br />
      {formatMoney(sum.amount, sum.currency)}
    </div>
  ))
}
