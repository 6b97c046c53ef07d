/** How many accounts, services and offers a change affects. */
import { plural } from '@lingui/core/macro'

interface Counts {
  accounts: number
  services: number
  offers: number
}

/** "1 account" and "2 services"; empty if nothing is affected. */
export function impactCounts({ accounts, services, offers }: Counts): string[] {
  return [
    accounts > 0 && plural(accounts, { one: '# account', other: '# accounts' }),
    services > 0 && plural(services, { one: '# service', other: '# services' }),
    offers > 0 && plural(offers, { one: '# offer', other: '# offers' }),
  ].filter((text) => text !== false)
}
