import { createFileRoute } from '@tanstack/react-router'
import { webhooksSearch } from '@/features/webhooks/search'
import { WebhooksPage } from '@/features/webhooks/WebhooksPage'

export const Route = createFileRoute('/_signed-in/webhooks/')({
  validateSearch: webhooksSearch,
  component: function Webhooks() {
    return <WebhooksPage search={Route.useSearch()} />
  },
})
