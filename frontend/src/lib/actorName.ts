/** Who changed something: a user or a token by name, or a part of Tenure in words. */
import { t } from '@lingui/core/macro'

const automatic = new Map([
  ['scheduler', t`scheduler`],
  ['webhooks', t`webhooks`],
])

export function actorName(actor: string): string {
  return automatic.get(actor) ?? actor
}
