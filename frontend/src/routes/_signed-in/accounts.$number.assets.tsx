import { createFileRoute } from '@tanstack/react-router'
import { type AssetsSearch, AssetsTab } from '@/features/assets/AssetsTab'
import { pageSearch } from '@/lib/paging'

export const Route = createFileRoute('/_signed-in/accounts/$number/assets')({
  validateSearch: (search: Record<string, unknown>): AssetsSearch => ({
    closed: search.closed === true || undefined,
    ...pageSearch(search),
  }),
  component: function Assets() {
    return <AssetsTab number={Route.useParams().number} search={Route.useSearch()} />
  },
})
