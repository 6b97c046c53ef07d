import { createFileRoute } from '@tanstack/react-router'
import { HierarchyTab } from '@/features/hierarchy/HierarchyTab'

export const Route = createFileRoute('/_signed-in/accounts/$number/hierarchy')({
  component: function Hierarchy() {
    return <HierarchyTab number={Route.useParams().number} />
  },
})
