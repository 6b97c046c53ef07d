/** The changes of accounts that a text such as "close A-1027" asks for. */
import { useMemo } from 'react'
import { useQuery } from 'urql'
import { useBusiness } from '@/lib/business'
import { type Command, requestedCommands, requestOf } from './actions'
import { FoundAccountsDocument } from './operations.generated'

/** The changes by account, best match first; none until they are up to date. */
export function useRequestedCommands(search: string): { commands: Command[]; fetching: boolean } {
  const { viewer } = useBusiness()
  const request = useMemo(() => requestOf(search, viewer.role), [search, viewer.role])
  const [{ data, fetching }] = useQuery({
    query: FoundAccountsDocument,
    variables: { text: request?.account ?? '' },
    pause: !request,
  })
  const commands = useMemo(() => {
    if (!request || !data || fetching) return []
    const { accounts } = data.search
    return accounts.flatMap((account) => requestedCommands(account, request.verb, viewer.role))
  }, [request, data, fetching, viewer.role])
  return { commands, fetching: request !== null && fetching }
}
