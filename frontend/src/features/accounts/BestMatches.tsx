/** Reads the best matches of a search. Loaded with the first search in the list of accounts. */
import { useEffect, useEffectEvent } from 'react'
import { useQuery } from 'urql'
import type { AccountRowFragment } from '@/gql/graphql'
import { BestAccountsDocument } from './BestMatches.generated'
import type { AccountsSearch } from './search'

interface BestMatchesProps {
  search: AccountsSearch
  onFound: (best: AccountRowFragment[]) => void
}

export default function BestMatches({ search, onFound }: BestMatchesProps) {
  const { q = '', status, rank, heldBy } = search
  const [{ data, operation }] = useQuery({ query: BestAccountsDocument, variables: { text: q } })
  const found = operation?.variables.text === q ? data?.search.accounts : undefined
  const tell = useEffectEvent(onFound)
  useEffect(() => {
    tell((found ?? []).filter((row) => isWithin(row, { status, rank, heldBy })))
    return () => tell([])
  }, [found, status, rank, heldBy])
  return null
}

export function isWithin(account: AccountRowFragment, search: AccountsSearch): boolean {
  const { status, rank, heldBy } = search
  return (
    (!status || status.includes(account.status)) &&
    (!rank || (account.rank !== null && rank.includes(account.rank))) &&
    (!heldBy || account.holds.some(({ cause }) => heldBy.includes(cause)))
  )
}
