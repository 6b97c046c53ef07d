/** Whether a token is accepted. */
import { t } from '@lingui/core/macro'
import type { TokenNodeFragment } from '@/gql/graphql'

export type TokenState = 'ACTIVE' | 'EXPIRED' | 'REVOKED'

export const tokenStateLabels: Record<TokenState, string> = {
  ACTIVE: t`Active`,
  EXPIRED: t`Expired`,
  REVOKED: t`Revoked`,
}

type Times = Pick<TokenNodeFragment, 'expiresAt' | 'revokedAt'>

/** Tokens expire in real time, whatever the business clock shows. */
export function tokenState({ expiresAt, revokedAt }: Times, realNow: number): TokenState {
  if (revokedAt) return 'REVOKED'
  return expiresAt && Date.parse(expiresAt) <= realNow ? 'EXPIRED' : 'ACTIVE'
}
