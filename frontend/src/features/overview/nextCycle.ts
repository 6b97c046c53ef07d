/** What the next bill has besides the charges so far: the fees of the next cycle (rules 6.2). */
import type { AmountFragment, OverviewBillFragment, OverviewCycleFragment } from '@/gql/graphql'
import { amountOf } from '@/lib/billAmounts'
import { sumOf } from '@/lib/money'

/** The server answers at most so many cycles. */
export const mostCycles = 100

export interface BilledUnit {
  id: string
  payingParent?: { id: string } | null
}

interface Bills {
  nodes: OverviewBillFragment[]
  totalCount: number
}

/** The cycles on the next bill of a bill unit; of a nonpaying one, those of its own. */
export function cyclesOf(unit: BilledUnit, cycles: OverviewCycleFragment[]) {
  return cycles.filter(({ billUnit }) =>
    unit.payingParent
      ? billUnit.id === unit.id
      : (billUnit.payingParent?.id ?? billUnit.id) === unit.id,
  )
}

/** The sum of the fees; null for no cycles. */
export function feesOf(cycles: OverviewCycleFragment[]): AmountFragment | null {
  const [first] = cycles
  return first ? { ...first.total, amount: sumOf(cycles.map(({ total }) => total.amount)) } : null
}

/**
 * The charges so far and the fees of the next cycle. Null if another account pays, if not all
 * cycles and pending bills are known, and while the bill day of an earlier cycle is missing.
 */
export function expectedOf(
  unit: BilledUnit,
  { nodes, totalCount }: Bills,
  cycles: OverviewCycleFragment[],
): AmountFragment | null {
  const own = cyclesOf(unit, cycles)
  const fees = feesOf(own)
  if (!fees || unit.payingParent || cycles.length >= mostCycles) return null
  // The newest bills come first, and the pending ones are the newest.
  const knowsPending =
    nodes.length === totalCount || nodes.some(({ status }) => status !== 'PENDING')
  const pending = nodes.filter(
    ({ status, billUnit }) => status === 'PENDING' && billUnit.id === unit.id,
  )
  const isCurrent = pending.every(({ periodEnd }) => periodEnd === own[0]?.periodStart)
  if (!knowsPending || !isCurrent) return null
  return { ...fees, amount: sumOf([fees, ...pending.map(amountOf)].map(({ amount }) => amount)) }
}
