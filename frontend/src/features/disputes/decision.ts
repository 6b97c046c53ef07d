/** The decisions of a dispute and the granted amounts. */
import { t } from '@lingui/core/macro'

export type Decision = 'full' | 'part' | 'denied'

export const decisionLabels: Record<Decision, string> = {
  full: t`Grant in full`,
  part: t`Grant in part`,
  denied: t`Deny`,
}

export function decisionOf(choice: string | undefined): Decision | null {
  return choice && choice in decisionLabels ? (choice as Decision) : null
}

/** The granted amount; `part` is the amount of a partial grant. */
export function grantedBy(decision: Decision, disputed: string, part: string): string {
  return { full: disputed, part, denied: '0' }[decision]
}
