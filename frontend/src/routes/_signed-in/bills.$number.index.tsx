import { createFileRoute } from '@tanstack/react-router'
import { BillPage } from '@/features/bills/BillPage'
import { BillDisputes } from '@/features/disputes/BillDisputes'
import { pageSearch } from '@/lib/paging'

export const Route = createFileRoute('/_signed-in/bills/$number/')({
  validateSearch: pageSearch,
  component: function Bill() {
    const { number } = Route.useParams()
    return (
      <BillPage number={number} search={Route.useSearch()}>
        <BillDisputes number={number} />
      </BillPage>
    )
  },
})
