import { createFileRoute } from '@tanstack/react-router'
import { PaymentsPage } from '@/features/home/PaymentsPage'
import { paymentsSearch } from '@/features/home/search'

export const Route = createFileRoute('/_signed-in/payments')({
  validateSearch: paymentsSearch,
  component: function Payments() {
    return <PaymentsPage search={Route.useSearch()} />
  },
})
