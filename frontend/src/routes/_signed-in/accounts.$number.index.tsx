import { createFileRoute } from '@tanstack/react-router'
import { OverviewTab } from '@/features/overview/OverviewTab'
import { OverviewDocument } from '@/features/overview/operations.generated'
import { overviewSearch } from '@/features/overview/search'
import { prefetch } from '@/lib/prefetch'

export const Route = createFileRoute('/_signed-in/accounts/$number/')({
  validateSearch: overviewSearch,
  loader: ({ context, params, cause }) => {
    if (cause === 'enter') prefetch(context.client, OverviewDocument, params)
  },
  component: function Overview() {
    return <OverviewTab number={Route.useParams().number} search={Route.useSearch()} />
  },
})
