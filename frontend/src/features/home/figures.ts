/** The data of the charts: a point for each month, oldest first. */
import type { HomeFiguresQuery, Status } from '@/gql/graphql'
import { formatShortMonth } from '@/lib/time'

type Figures = HomeFiguresQuery['home']['figures']

type AccountPoint = { label: string } & Record<Status, number>

interface RevenueMonth {
  label: string
  /** The lengths of the bars. */
  billed: number
  collected: number
}

export function accountsByMonth(points: Figures['accounts']): AccountPoint[] {
  return points.map(({ month, counts }) => {
    const point: AccountPoint = { label: labelOf(month), ACTIVE: 0, INACTIVE: 0, CLOSED: 0 }
    for (const { status, count } of counts) point[status] = count
    return point
  })
}

/** In the order of the currencies. */
export function revenueByCurrency(
  revenue: Figures['revenue'],
): { currency: string; months: RevenueMonth[] }[] {
  const currencies = [...new Set(revenue.map(({ billed }) => billed.currency))].sort()
  return currencies.map((currency) => ({
    currency,
    months: revenue
      .filter(({ billed }) => billed.currency === currency)
      .map(({ month, billed, collected }) => ({
        label: labelOf(month),
        billed: Number(billed.amount),
        collected: Number(collected.amount),
      })),
  }))
}

/** Short, so that each month of the axis has one; the year begins with January. */
function labelOf(month: string): string {
  return formatShortMonth(month.slice(0, 7))
}
