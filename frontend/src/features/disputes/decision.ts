/** How a dispute ends, and what of it is granted then. */

export type Decision = 'full' | 'part' | 'denied'

export const decisionLabels: Record<Decision, string> = {
  full: 'Grant in full',
  part: 'Grant in part',
  denied: 'Deny',
}

/** Of the disputed amount; `part` is what was typed for a part of it. */
export function grantedBy(decision: Decision, disputed: string, part: string): string {
  return { full: disputed, part: part.trim(), denied: '0' }[decision]
}
