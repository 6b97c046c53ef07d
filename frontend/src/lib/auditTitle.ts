/** What an entry of the audit log tells, in the language of the page. */
import { t } from '@lingui/core/macro'
import type { AuditNodeFragment } from '@/gql/graphql'

/** Entries whose values are not in typed fields have the English summary of the API. */
export function auditTitle({
  action,
  actor,
  details,
  summary,
}: Pick<AuditNodeFragment, 'action' | 'actor' | 'details' | 'summary'>): string {
  const [code, email, name, role] = ['code', 'email', 'name', 'role'].map((field) =>
    newValue(details, field),
  )
  switch (action) {
    case 'SIGNED_OUT':
      return t`${actor} signed out.`
    case 'USER_CREATED':
      return email && role ? t`Created user ${email} as ${role}.` : summary
    case 'TOKEN_CREATED':
      return name && role ? t`Created token ${name} as ${role}.` : summary
    case 'OFFER_CREATED':
      return code && name ? t`Created offer ${code}, ${name}.` : summary
    default:
      return summary
  }
}

/** The value after the change. */
function newValue(details: unknown, field: string): string | null {
  const values = (details as Record<string, unknown> | null)?.[field]
  return Array.isArray(values) && typeof values[1] === 'string' ? values[1] : null
}
