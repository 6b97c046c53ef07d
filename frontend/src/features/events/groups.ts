/** Groups the events of an account: a change with its effects, the usage or the fees of a day. */
import type { EventKind, EventNodeFragment } from '@/gql/graphql'
import { sumOf } from '@/lib/money'
import { wallOf } from '@/lib/time'

/** The charges that a bill day makes for each offer. */
const ofBillDay: EventKind[] = ['CYCLE_FEE', 'DISCOUNT']

export interface TimelineEntry {
  key: string
  /** The event that tells what happened; the others followed from it. */
  lead: EventNodeFragment
  others: EventNodeFragment[]
}

/** `events` are newest first, and so are the entries. An entry is placed by its newest event. */
export function timelineEntries(events: EventNodeFragment[], zone: string): TimelineEntry[] {
  const byId = new Map(events.map((event) => [event.id, event]))
  const groups = new Map<string, EventNodeFragment[]>()
  for (const event of events) {
    const key = keyOf(event, byId, zone)
    groups.set(key, [...(groups.get(key) ?? []), event])
  }
  return [...groups].map(([key, group]) => {
    const lead = leadOf(group)
    return { key, lead, others: group.filter((event) => event !== lead) }
  })
}

export function contains({ lead, others }: TimelineEntry, id: string): boolean {
  return [lead, ...others].some((event) => event.id === id)
}

function keyOf(
  event: EventNodeFragment,
  byId: Map<string, EventNodeFragment>,
  zone: string,
): string {
  if (event.change) return `change-${event.change}`
  if (event.followed) {
    const cause = byId.get(event.followed.id)
    return cause ? keyOf(cause, byId, zone) : `effects-${event.followed.id}`
  }
  const day = wallOf(event.occurredAt, zone).slice(0, 10)
  if (event.kind === 'USAGE') return `usage-${event.service?.id}-${day}`
  if (ofBillDay.includes(event.kind)) return `bill-day-${event.actor}-${day}`
  return event.id
}

/** The change of the account itself, else that of a service, else the first event. */
function leadOf(group: EventNodeFragment[]): EventNodeFragment {
  const isChange = (event: EventNodeFragment) => event.amount == null
  const ofAccount = group.findLast((event) => isChange(event) && !event.target)
  const ofService = group.findLast((event) => event.target?.__typename === 'Service')
  return ofAccount ?? ofService ?? group.findLast(isChange) ?? (group.at(-1) as EventNodeFragment)
}

export interface GroupTotals {
  services: number
  offers: number
  /** Events with an amount, and their sum. They have one currency, that of the account. */
  charges: number
  sum: { amount: string; currency: string } | null
}

export function totalsOf(events: EventNodeFragment[]): GroupTotals {
  const changes = events.filter((event) => event.amount == null)
  const amounts = events.flatMap((event) => event.amount ?? [])
  const [first] = amounts
  return {
    services: changes.filter(({ target }) => target?.__typename === 'Service').length,
    offers: changes.filter(({ target }) => target?.__typename === 'PurchasedOffer').length,
    charges: amounts.length,
    sum: first ? { ...first, amount: sumOf(amounts.map((each) => each.amount)) } : null,
  }
}
