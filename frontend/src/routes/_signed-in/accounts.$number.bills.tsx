import { createFileRoute } from '@tanstack/react-router'
import { BillsTab } from '@/features/bills/BillsTab'
import { AccountDisputes } from '@/features/disputes/AccountDisputes'
import { pageSearch } from '@/lib/paging'

export const Route = createFileRoute('/_signed-in/accounts/$number/bills')({
  validateSearch: pageSearch,
  component: function AccountBills() {
    const { number } = Route.useParams()
    return (
      <BillsTab number={number} search={Route.useSearch()}>
        <AccountDisputes number={number} />
      </BillsTab>
    )
  },
})
