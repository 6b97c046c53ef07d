/** The state of the list of tokens in the URL. */
import type { Role } from '@/gql/graphql'
import { roleLabels } from '@/lib/labels'
import { listOf, type PageSearch, pageSearch } from '@/lib/paging'

export interface TokensSearch extends PageSearch {
  role?: Role[]
  revoked?: Revoked[]
}

export type Revoked = 'no' | 'yes'

export function tokensSearch(search: Record<string, unknown>): TokensSearch {
  return {
    role: listOf(search.role, roleLabels),
    revoked: listOf<Revoked>(search.revoked, { no: '', yes: '' }),
    ...pageSearch(search),
  }
}
