import { createFileRoute } from '@tanstack/react-router'
import { OverviewTab } from '@/features/overview/OverviewTab'

export const Route = createFileRoute('/_signed-in/accounts/$number/')({
  component: function Overview() {
    return <OverviewTab number={Route.useParams().number} />
  },
})
