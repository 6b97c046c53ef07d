/** When a setting was changed last, and by whom: from the audit log, newest entry first. */
import { t } from '@lingui/core/macro'
import type { SettingsChangeFragment } from '@/gql/graphql'
import { auditValue } from '@/lib/auditDetails'
import { formatInstant } from '@/lib/time'

/** "Changed on 3 Nov 2026 by ana@example.com, before: 14"; undefined if it never was. */
export function lastChange(
  history: Pick<SettingsChangeFragment, 'at' | 'actor' | 'details'>[],
  field: string,
  zone: string,
): string | undefined {
  for (const { at, actor, details } of history) {
    if (typeof details !== 'object' || details === null) continue
    const values = (details as Record<string, unknown>)[field]
    if (!Array.isArray(values)) continue
    const day = formatInstant(at, zone)
    const before = auditValue(values[0], zone)
    return t`Changed on ${day} by ${actor}, before: ${before}`
  }
  return undefined
}
