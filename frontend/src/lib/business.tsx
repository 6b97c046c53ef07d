/** The signed-in user and the business clock, available to every screen. */
import { createContext, type ReactNode, useContext, useMemo } from 'react'
import type { Role } from '@/gql/graphql'
import { hasRole } from './role'
import { setMessageZone } from './serverMessage'

export interface Business {
  viewer: { name: string; role: Role }
  clock: { now: string; today: string; isSet: boolean }
  timeZone: string
  /** The current business time. A set clock does not advance. */
  now: () => string
}

const BusinessContext = createContext<Business | null>(null)

type Session = Omit<Business, 'now'>

export function BusinessProvider({ session, children }: { session: Session; children: ReactNode }) {
  const { viewer, clock, timeZone } = session
  const business = useMemo(() => {
    setMessageZone(timeZone)
    const ahead = Date.parse(clock.now) - Date.now()
    const now = () => (clock.isSet ? clock.now : new Date(Date.now() + ahead).toISOString())
    return { viewer, clock, timeZone, now }
  }, [viewer, clock, timeZone])
  return <BusinessContext value={business}>{children}</BusinessContext>
}

export function useBusiness(): Business {
  const business = useContext(BusinessContext)
  if (!business) throw new Error('useBusiness is for the screens behind the sign-in')
  return business
}

export function useMay(needed: Role): boolean {
  return hasRole(useBusiness().viewer.role, needed)
}
