import { createFileRoute } from '@tanstack/react-router'
import { BillItemPage } from '@/features/bills/BillItemPage'
import { pageSearch } from '@/lib/paging'

export const Route = createFileRoute('/_signed-in/bills/$number/items/$item')({
  validateSearch: pageSearch,
  component: function BillItem() {
    const { number, item } = Route.useParams()
    return <BillItemPage number={number} id={item} search={Route.useSearch()} />
  },
})
