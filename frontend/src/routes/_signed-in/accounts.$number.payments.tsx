import { createFileRoute } from '@tanstack/react-router'
import { PaymentsTab } from '@/features/payments/PaymentsTab'
import { pageSearch } from '@/lib/paging'

export const Route = createFileRoute('/_signed-in/accounts/$number/payments')({
  validateSearch: pageSearch,
  component: function Payments() {
    return <PaymentsTab number={Route.useParams().number} search={Route.useSearch()} />
  },
})
