import { createFileRoute } from '@tanstack/react-router'
import { HierarchyTab } from '@/features/hierarchy/HierarchyTab'
import { pageSearch } from '@/lib/paging'

export const Route = createFileRoute('/_signed-in/accounts/$number/hierarchy')({
  validateSearch: pageSearch,
  component: function Hierarchy() {
    return <HierarchyTab number={Route.useParams().number} search={Route.useSearch()} />
  },
})
