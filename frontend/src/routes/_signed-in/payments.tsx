import { createFileRoute } from '@tanstack/react-router'
import { PaymentsPage } from '@/features/payments/PaymentsPage'
import { paymentsSearch } from '@/features/payments/search'

export const Route = createFileRoute('/_signed-in/payments')({
  validateSearch: paymentsSearch,
  component: function Payments() {
    return <PaymentsPage search={Route.useSearch()} />
  },
})
