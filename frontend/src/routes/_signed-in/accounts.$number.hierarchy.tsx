import { createFileRoute } from '@tanstack/react-router'
import { HierarchyTab } from '@/features/hierarchy/HierarchyTab'
import { hierarchySearch } from '@/features/hierarchy/search'

export const Route = createFileRoute('/_signed-in/accounts/$number/hierarchy')({
  validateSearch: hierarchySearch,
  component: function Hierarchy() {
    return <HierarchyTab number={Route.useParams().number} search={Route.useSearch()} />
  },
})
