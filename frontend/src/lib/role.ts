/** Roles are ordered: each includes the permissions of the previous one. */
import type { Role } from '@/gql/graphql'

const order: Role[] = ['VIEWER', 'AGENT', 'MANAGER', 'ADMIN']

export function hasRole(role: Role, needed: Role): boolean {
  return order.indexOf(role) >= order.indexOf(needed)
}
