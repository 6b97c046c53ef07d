/** Accounts by status, and revenue by month, of the last twelve months. */
import { t } from '@lingui/core/macro'
import { AreaChart, BarChart } from '@mantine/charts'
import '@mantine/charts/styles.layer.css'
import { Box, SimpleGrid, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useQuery } from 'urql'
import { formatCount } from '@/lib/language'
import { Panel } from '@/ui/Panel'
import { QueryResult } from '@/ui/States'
import { When } from '@/ui/When'
import { accountsByMonth, revenueByCurrency } from './figures'
import { HomeFiguresDocument } from './operations.generated'

const height = 240
/** Recharts sorts the entries by their names otherwise. */
const inThisOrder = { itemSorter: null }

export default function Figures() {
  const [result, refetch] = useQuery({ query: HomeFiguresDocument })
  return (
    <QueryResult
      result={result}
      retry={() => refetch({ requestPolicy: 'network-only' })}
      lines={10}
    >
      {({ home: { figures } }) => (
        <SimpleGrid cols={{ base: 1, lg: 2 }}>
          <Panel title={t`Accounts by status`} hint={<When at={figures.computedAt} />}>
            <Accounts points={accountsByMonth(figures.accounts)} />
          </Panel>
          {revenueByCurrency(figures.revenue).map(({ currency, months }) => (
            <Panel key={currency} title={t`Revenue in ${currency}`}>
              <Chart label={t`Billed and collected by month in ${currency}`}>
                <BarChart
                  h={height}
                  data={months}
                  dataKey="label"
                  series={[
                    { name: 'billed', label: t`Billed`, color: 'var(--tenure-busy)' },
                    { name: 'collected', label: t`Collected`, color: 'var(--tenure-good)' },
                  ]}
                  withLegend
                  gridAxis="x"
                  tickLine="none"
                  yAxisProps={{ width: 'auto' }}
                  valueFormatter={formatCount}
                  barProps={{ isAnimationActive: false }}
                  barChartProps={{ accessibilityLayer: false }}
                  tooltipAnimationDuration={0}
                />
              </Chart>
            </Panel>
          ))}
          {figures.revenue.length === 0 && (
            <Panel title={t`Revenue`}>
              <Text size="sm" c="dimmed" p="md">
                {t`No bills yet. The bill day makes them; months with revenue appear here.`}
              </Text>
            </Panel>
          )}
        </SimpleGrid>
      )}
    </QueryResult>
  )
}

function Accounts({ points }: { points: ReturnType<typeof accountsByMonth> }) {
  return (
    <Chart label={t`Accounts by status at the end of each month`}>
      <AreaChart
        h={height}
        data={points}
        dataKey="label"
        type="stacked"
        series={[
          { name: 'ACTIVE', label: t`Active`, color: 'var(--tenure-good)' },
          { name: 'INACTIVE', label: t`Inactive`, color: 'var(--tenure-waiting)' },
          { name: 'CLOSED', label: t`Closed`, color: 'var(--tenure-ended)' },
        ]}
        withLegend
        legendProps={inThisOrder}
        withDots={false}
        gridAxis="x"
        tickLine="none"
        valueFormatter={formatCount}
        yAxisProps={{ allowDecimals: false, width: 'auto' }}
        areaProps={{ isAnimationActive: false }}
        areaChartProps={{ accessibilityLayer: false }}
        tooltipAnimationDuration={0}
      />
    </Chart>
  )
}

function Chart({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Box role="img" aria-label={label} p="md">
      {children}
    </Box>
  )
}
