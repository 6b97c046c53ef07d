import { createFileRoute } from '@tanstack/react-router'
import { OverviewTab } from '@/features/overview/OverviewTab'
import { overviewSearch } from '@/features/overview/search'

export const Route = createFileRoute('/_signed-in/accounts/$number/')({
  validateSearch: overviewSearch,
  component: function Overview() {
    return <OverviewTab number={Route.useParams().number} search={Route.useSearch()} />
  },
})
