import { createFileRoute } from '@tanstack/react-router'
import { BillsPage } from '@/features/bills/BillsPage'
import { billsSearch } from '@/features/bills/search'

export const Route = createFileRoute('/_signed-in/bills/')({
  validateSearch: billsSearch,
  component: function Bills() {
    return <BillsPage search={Route.useSearch()} />
  },
})
