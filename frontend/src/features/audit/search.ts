/** The state of the audit log in the URL. */
import { t } from '@lingui/core/macro'
import type { AuditAction, AuditFilter } from '@/gql/graphql'
import { dateOf, listOf, type PageSearch, pageSearch, textOf } from '@/lib/paging'
import { addDays, instantOf } from '@/lib/time'

export interface AuditSearch extends PageSearch {
  /** Words of the summary, for example the address of a user. */
  q?: string
  actor?: string
  action?: AuditAction[]
  /** Dates in the business time zone, the last one included. */
  from?: string
  to?: string
}

export const auditActionLabels: Record<AuditAction, string> = {
  SIGNED_IN: t`Signed in`,
  SIGN_IN_REFUSED: t`Sign-in refused`,
  SIGNED_OUT: t`Signed out`,
  USER_CREATED: t`User created`,
  USER_CHANGED: t`User changed`,
  PASSWORD_CHANGED: t`Password changed`,
  SESSIONS_ENDED: t`Sessions ended`,
  TOKEN_CREATED: t`Token created`,
  TOKEN_REVOKED: t`Token revoked`,
  SETTINGS_CHANGED: t`Settings changed`,
  CLOCK_SET: t`Clock set`,
  OFFER_CREATED: t`Offer created`,
  JOB_STARTED: t`Job started`,
  JOB_CANCELLED: t`Job cancelled`,
  WEBHOOK_CHANGED: t`Webhook changed`,
  REASON_CHANGED: t`Reason changed`,
}

export function auditSearch(search: Record<string, unknown>): AuditSearch {
  return {
    q: textOf(search.q),
    actor: textOf(search.actor),
    action: listOf(search.action, auditActionLabels),
    from: dateOf(search.from),
    to: dateOf(search.to),
    ...pageSearch(search),
  }
}

export function auditFilter(search: AuditSearch, zone: string): AuditFilter {
  return {
    search: search.q,
    actor: search.actor,
    action: search.action,
    from: search.from && instantOf(`${search.from} 00:00`, zone),
    to: search.to && instantOf(`${addDays(search.to, 1)} 00:00`, zone),
  }
}
