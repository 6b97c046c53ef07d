/**
 * The tabs of GraphiQL: common tasks that run on the demonstration as they stand.
 *
 * A text in double braces stands for a value that differs between installations or days: an id, or
 * a date. Where an installation has no such object the text stays, and the tab is an example.
 */
import type { ValuesQuery } from '@/gql/graphql'

type Customer = Extract<ValuesQuery[keyof ValuesQuery], { number: string }>

const files = import.meta.glob<string>('./tasks/*.graphql', {
  query: '?raw',
  import: 'default',
  eager: true,
})

/** The documents of the tabs, in the order of their file names. */
export function tasks(values: ValuesQuery): string[] {
  const known = { ...datesFrom(values.clock.today), ...idsIn(values) }
  return Object.keys(files)
    .sort()
    .map((name) => filled(files[name] ?? '', known))
}

export function filled(text: string, known: Record<string, string>): string {
  return text.replace(/\{\{(.+?)\}\}/g, (placeholder, name) => known[name] ?? placeholder)
}

/** Times after the business date `today` (YYYY-MM-DD), at midnight UTC. */
export function datesFrom(today: string): Record<string, string> {
  const [year = 0, month = 0, day = 0] = today.split('-').map(Number)
  const weekday = new Date(Date.UTC(year, month - 1, day)).getUTCDay()
  const untilMonday = (8 - weekday) % 7 || 7
  return {
    nextMonday: midnight(year, month - 1, day + untilMonday),
    mondayAfter: midnight(year, month - 1, day + untilMonday + 7),
    // At least two days ahead, whatever the time zone of the business.
    monthEnd: midnight(year, month + (day > 26 ? 1 : 0), 1),
  }
}

function midnight(year: number, month: number, day: number): string {
  return new Date(Date.UTC(year, month, day)).toISOString().replace('.000Z', 'Z')
}

function idsIn(values: ValuesQuery): Record<string, string> {
  const known: Record<string, string> = {}
  for (const customer of Object.values(values).filter(isCustomer)) {
    const { number, paymentMethods, bills, disputes, deferredActions } = customer
    const found = {
      [`cardOf ${number}`]: paymentMethods[0]?.id,
      [`billOf ${number}`]: bills.nodes.find(({ status }) => status !== 'PENDING')?.id,
      [`disputeOf ${number}`]: disputes.nodes[0]?.id,
      [`actionOf ${number}`]: deferredActions.nodes[0]?.id,
    }
    for (const [name, id] of Object.entries(found)) if (id) known[name] = id
  }
  return known
}

function isCustomer(value: ValuesQuery[keyof ValuesQuery]): value is Customer {
  return value !== null && typeof value === 'object' && 'number' in value
}
