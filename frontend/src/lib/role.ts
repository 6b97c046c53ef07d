/** Who may: each role may do what the one before it may. */
import type { Role } from '@/gql/graphql'

const order: Role[] = ['VIEWER', 'AGENT', 'MANAGER', 'ADMIN']

export function mayAs(role: Role, needed: Role): boolean {
  return order.indexOf(role) >= order.indexOf(needed)
}
