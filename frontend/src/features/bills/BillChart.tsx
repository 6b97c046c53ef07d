/** A chart of the charges of the last twelve bills. The table of bills has the same figures. */
import { t } from '@lingui/core/macro'
import { BarChart } from '@mantine/charts'
import '@mantine/charts/styles.layer.css'
import { Box, Paper, Text } from '@mantine/core'
import { useQuery } from 'urql'
import { formatDecimal } from '@/lib/money'
import { Panel } from '@/ui/Panel'
import { QueryResult } from '@/ui/States'
import { type Bar, barsOf, chartHeight } from './chart'
import { BillChartDocument } from './operations.generated'

const series = [
  { name: 'own', label: t`Own charges`, color: 'var(--tenure-busy)' },
  { name: 'others', label: t`Charges of accounts it pays for`, color: 'var(--tenure-waiting)' },
]

export default function BillChart({ number }: { number: string }) {
  const [result, refetch] = useQuery({ query: BillChartDocument, variables: { number } })
  const currency = result.data?.account?.currency
  return (
    <Panel title={t`Charges by bill`} hint={currency && t`The last twelve, in ${currency}`}>
      <QueryResult result={result} retry={() => refetch({ requestPolicy: 'network-only' })}>
        {({ account }) => account && <Bars bars={barsOf(account.bills.nodes)} />}
      </QueryResult>
    </Panel>
  )
}

function Bars({ bars }: { bars: Bar[] }) {
  const visibleSeries = bars.some((bar) => bar.others !== 0) ? series : series.slice(0, 1)
  return (
    <Box
      role="img"
      aria-label={t`Charges of the last twelve bills. The table below has the same figures.`}
      p="md"
    >
      <BarChart
        h={chartHeight}
        data={bars}
        dataKey="day"
        type="stacked"
        series={visibleSeries}
        withLegend={visibleSeries.length > 1}
        maxBarWidth={44}
        gridAxis="x"
        tickLine="none"
        yAxisProps={{ width: 'auto' }}
        valueFormatter={(value) => formatDecimal(String(value))}
        barProps={{ isAnimationActive: false }}
        barChartProps={{ accessibilityLayer: false }}
        tooltipAnimationDuration={0}
        tooltipProps={{
          content: ({ payload }) => (
            <BarTooltip bar={payload?.[0]?.payload} series={visibleSeries} />
          ),
        }}
      />
    </Box>
  )
}

function BarTooltip({ bar, series: visibleSeries }: { bar?: Bar; series: typeof series }) {
  if (!bar) return null
  return (
    <Paper px="sm" py={6} shadow="md">
      <Text size="xs" fw={600}>
        {bar.number}, {bar.day}
      </Text>
      {visibleSeries.map(({ name, label }) => (
        <Text key={name} size="xs">
          {label}: {bar.labels[name as keyof Bar['labels']]}
        </Text>
      ))}
    </Paper>
  )
}
