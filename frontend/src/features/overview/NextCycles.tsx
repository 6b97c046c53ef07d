/** The fees of the next cycle of each bill unit, and what the next bill is expected to be. */
import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { useQuery } from 'urql'
import type { OverviewCycleFragment } from '@/gql/graphql'
import { eventKindLabels } from '@/lib/labels'
import { isNothing } from '@/lib/money'
import { formatPeriod } from '@/lib/time'
import { useChangeSearch } from '@/lib/useChangeSearch'
import { AccountLink } from '@/ui/AccountLink'
import { Amount } from '@/ui/Amount'
import { Dotted } from '@/ui/Dotted'
import { QueryResult } from '@/ui/States'
import { OnDate } from '@/ui/When'
import { moreLabel } from './more'
import { cyclesOf, expectedOf, feesOf, mostCycles } from './nextCycle'
import { OverviewRow, OverviewRows } from './OverviewRow'
import type { OverviewAccount } from './OverviewTab'
import { NextCyclesDocument } from './operations.generated'
import type { OverviewSearch } from './search'

type Unit = OverviewAccount['billUnits'][number]
type Cycles = OverviewCycleFragment[]

const shownLines = 6

interface NextCyclesProps {
  account: OverviewAccount
  search: OverviewSearch
}

export function NextCycles({ account, search }: NextCyclesProps) {
  const [result, refetch] = useQuery({
    query: NextCyclesDocument,
    variables: { accountId: account.id },
  })
  return (
    <QueryResult result={result} retry={() => refetch({ requestPolicy: 'network-only' })} lines={2}>
      {({ nextCycles }) =>
        account.billUnits.map((unit) => (
          <UnitCycle
            key={unit.id}
            search={search}
            account={account}
            unit={unit}
            cycles={nextCycles}
          />
        ))
      }
    </QueryResult>
  )
}

interface UnitCycleProps {
  search: OverviewSearch
  account: OverviewAccount
  unit: Unit
  cycles: Cycles
}

function UnitCycle({ search, account, unit, cycles }: UnitCycleProps) {
  const changeSearch = useChangeSearch<OverviewSearch>()
  const showAll = () => changeSearch({ allFees: true }, { replace: true })
  const own = cyclesOf(unit, cycles)
  const [cycle] = own
  const fees = feesOf(own)
  const lines = linesOf(unit, own)
  if (!cycle || !fees || lines.length === 0) return null
  const shown = search.allFees ? lines : lines.slice(0, shownLines)
  const more = lines.length - shown.length
  const expected = expectedOf(unit, account.bills, cycles)
  const { name } = unit
  const isOnly = account.billUnits.length === 1
  return (
    <OverviewRows label={isOnly ? t`Fees of the next cycle` : t`Fees of the next cycle of ${name}`}>
      <OverviewRow
        hint={
          <Dotted>
            {formatPeriod(cycle.periodStart, cycle.periodEnd)}
            {cycles.length >= mostCycles && t`of the first ${mostCycles} bill units`}
          </Dotted>
        }
        side={<Amount of={fees} fw={600} />}
      >
        {isOnly ? t`Fees of the next cycle` : t`Fees of the next cycle of ${name}`}
      </OverviewRow>
      {shown}
      {more > 0 && (
        <OverviewRow>
          <Button size="compact-xs" mih={26} variant="default" onClick={showAll}>
            {moreLabel(more)}
          </Button>
        </OverviewRow>
      )}
      {!isOnly && unit.payingParent && (
        <OverviewRow>
          <Trans>
            Billed to <AccountLink account={unit.payingParent.account} />
          </Trans>
        </OverviewRow>
      )}
      {expected && (
        <OverviewRow
          hint={t`Charges so far and these fees; usage until then is added`}
          side={<Amount of={expected} fw={600} />}
        >
          <Trans>
            Expected on <OnDate date={cycle.periodStart} />
          </Trans>
        </OverviewRow>
      )}
    </OverviewRows>
  )
}

/** A line for each fee of the bill unit, and one for each other bill unit that it pays for. */
function linesOf(unit: Unit, cycles: Cycles): ReactNode[] {
  return cycles.flatMap(({ billUnit, fees, total }) => {
    if (billUnit.id === unit.id) return fees.map(feeLine)
    if (isNothing(total.amount)) return []
    return [
      <OverviewRow key={billUnit.id} side={<Amount of={total} />}>
        <AccountLink account={billUnit.account} />
      </OverviewRow>,
    ]
  })
}

function feeLine({ kind, description, amount, service, offer }: Cycles[number]['fees'][number]) {
  const owner = service ? `${service.name} ${service.login}` : t`Account offer`
  return (
    <OverviewRow
      key={`${description} ${offer?.id} ${service?.id}`}
      hint={
        <Dotted>
          {kind === 'DISCOUNT' && eventKindLabels.DISCOUNT}
          {owner}
        </Dotted>
      }
      side={<Amount of={amount} />}
    >
      {offer?.name ?? description}
    </OverviewRow>
  )
}
