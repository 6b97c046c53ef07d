/** Deferred actions: of everybody, and of one account. */
import { useQuery } from 'urql'
import { AccountDeferredActionsDocument, DeferredActionsDocument } from '@/gql/graphql'
import { useBusiness } from '@/lib/business'
import { pageArguments } from '@/lib/paging'
import { PageHeader } from '@/ui/PageHeader'
import { Answer } from '@/ui/States'
import { DeferredFilters } from './DeferredFilters'
import { DeferredList } from './DeferredList'
import { type DeferredSearch, deferredFilter } from './search'

export function DeferredPage({ search }: { search: DeferredSearch }) {
  const { timeZone } = useBusiness()
  const [result, ask] = useQuery({
    query: DeferredActionsDocument,
    variables: { filter: deferredFilter(search, timeZone), ...pageArguments(search) },
  })
  return (
    <>
      <PageHeader title="Deferred actions" hint="Changes that were asked for earlier and take place at a later time." />
      <DeferredFilters search={search} />
      <Answer of={result} retry={() => ask({ requestPolicy: 'network-only' })} lines={10}>
        {(data) => <DeferredList actions={data.deferredActions} search={search} />}
      </Answer>
    </>
  )
}

export function DeferredTab({ number, search }: { number: string; search: DeferredSearch }) {
  const { timeZone } = useBusiness()
  const [result, ask] = useQuery({
    query: AccountDeferredActionsDocument,
    variables: { number, filter: deferredFilter(search, timeZone), ...pageArguments(search) },
  })
  return (
    <>
      <DeferredFilters search={search} />
      <Answer of={result} retry={() => ask({ requestPolicy: 'network-only' })}>
        {({ account }) => account && <DeferredList actions={account.deferredActions} search={search} ofOneAccount />}
      </Answer>
    </>
  )
}
