import { createFileRoute } from '@tanstack/react-router'
import { WebhooksPage } from '@/features/webhooks/WebhooksPage'
import { pageSearch } from '@/lib/paging'

export const Route = createFileRoute('/_signed-in/webhooks/')({
  validateSearch: pageSearch,
  component: function Webhooks() {
    return <WebhooksPage search={Route.useSearch()} />
  },
})
