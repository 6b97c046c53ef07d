/** Links to the audit log. */
import { linkOptions } from '@tanstack/react-router'
import type { AuditAction } from '@/gql/graphql'

export const auditLink = linkOptions({ to: '/audit-log' })

/** What somebody did. */
export function actorLink(actor: string) {
  return linkOptions({ to: '/audit-log', search: { actor } })
}

/** What was done to somebody or something whose name is in the summaries. */
export function subjectLink(subject: string) {
  return linkOptions({ to: '/audit-log', search: { q: subject } })
}

export function actionsLink(...action: AuditAction[]) {
  return linkOptions({ to: '/audit-log', search: { action } })
}
